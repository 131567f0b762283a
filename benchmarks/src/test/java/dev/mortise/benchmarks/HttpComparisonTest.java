package dev.mortise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That the comparison runs; what it measures in so short a time says nothing. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpComparisonTest {
    @Test
    void everyContenderAnswersEveryCall() throws Exception {
        List<String> report = HttpComparison.compare(Duration.ofMillis(200), Duration.ofMillis(200), 2);

        assertThat(report).hasSize(1 + Contender.values().length);
        assertThat(report.get(1)).startsWith("bare ").contains("ratio 1.00");
        assertThat(report.get(2)).startsWith("mortise ").contains("bytes allocated");
    }
}
