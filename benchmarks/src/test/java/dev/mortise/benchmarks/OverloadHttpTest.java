package dev.mortise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short form of {@code benchmarks/run overload-http}. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OverloadHttpTest {
    /** About 30 bytes for each call of a half: what any call left behind would be more. */
    private static final long MORE_HEAP = 500_000;

    @Test
    void goodputStaysAdmittedCallsStayFastAndNothingPilesUp() throws Exception {
        OverloadHttp.Report report = OverloadHttp.run(Duration.ofSeconds(12));
        report.lines().forEach(System.out::println);

        // That every request was answered, and with a result or the right refusal, the generator has seen to.
        assertThat(report.peak().phase().goodput())
                .as("what 8 at once can do in 10 ms each")
                .isBetween(300.0, 800.0);
        assertThat(report.kept()).isGreaterThanOrEqualTo(0.8);
        OpenLoop.Phase second = report.second().phase();
        assertThat(second.refused().count()).isGreaterThan(second.admitted().count());
        assertThat(second.admitted().millis(99)).as("ms").isLessThan(250);
        assertThat(second.connections()).isEqualTo(report.first().phase().connections());
        assertThat(report.second().after().heapBytes())
                .isLessThan(report.first().after().heapBytes() + MORE_HEAP);
    }
}
