package dev.mortise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OverloadRunTest {
    @Test
    void goodputStaysUnderOverloadAndAdmittedCallsStayFast() throws InterruptedException {
        OverloadRun.Report report = OverloadRun.run(Duration.ofSeconds(8));

        report.lines().forEach(System.out::println);

        assertThat(report.peak().goodput())
                .as("what 8 at once can do in 10 ms each")
                .isBetween(300.0, 800.0);
        assertThat(report.kept()).isGreaterThanOrEqualTo(0.8);
        assertThat(report.second().refused()).isPositive();
        assertThat(report.second().most()).isLessThan(report.unlimited().most());
    }
}
