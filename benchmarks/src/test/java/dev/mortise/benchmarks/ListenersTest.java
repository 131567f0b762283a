package dev.mortise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenersTest {
    private static final int COUNT = 500;

    /** That calls succeed beside the listeners needs no assertion: one that does not ends the run. */
    @Test
    void everyListenerIsToldAndThenForgotten() throws Exception {
        Listeners.Report report = Listeners.run(COUNT, Duration.ofSeconds(1));

        assertThat(report.presence().gauges().streams()).isEqualTo(COUNT);
        assertThat(report.presence().told()).isEqualTo(COUNT);
        assertThat(report.presence().calls().requests()).isPositive();
        assertThat(report.presence().gauges().heapBytes()).isLessThan(200_000_000);
        assertThat(report.after().streams()).isZero();
        assertThat(report.after().virtualThreads())
                .isLessThanOrEqualTo(report.before().virtualThreads());
    }
}
