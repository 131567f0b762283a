package dev.mortise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short form of {@code benchmarks/run overload-http}. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OverloadHttpTest {
    @Test
    void goodputStaysAdmittedCallsStayFastAndNothingPilesUp() throws Exception {
        OverloadHttp.Report report = OverloadHttp.run(Duration.ofSeconds(12));
        report.lines().forEach(System.out::println);

        assertThat(report.peak().phase().goodput())
                .as("what 8 at once can do in 10 ms each")
                .isBetween(300.0, 800.0);
        assertThat(report.kept()).isGreaterThanOrEqualTo(0.8);
        OpenLoop.Phase second = report.second().phase();
        assertThat(second.refused().count()).isGreaterThan(second.admitted().count());
        assertThat(second.admitted().millis(99)).as("ms").isLessThan(250);
        // On a busy machine the generator falls behind, and then needs more connections; Jetty keeps memory for each.
        int connections = second.connections() - report.first().phase().connections();
        assertThat(report.second().after().heapBytes())
                .isLessThan(report.first().after().heapBytes() + 4_000_000 + 100_000L * connections);
    }
}
