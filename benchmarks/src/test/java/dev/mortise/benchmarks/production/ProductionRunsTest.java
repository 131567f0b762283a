package dev.mortise.benchmarks.production;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** The short forms of {@code benchmarks/run production} and {@code production-detection}: what they say is asserted, not how fast. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestMethodOrder(MethodOrderer.MethodName.class)
class ProductionRunsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PROMISED = Duration.ofMinutes(5);

    @Test
    void theBooksAgreeWithWhatClientsSaw() throws Exception {
        if (!isThere("nginx", "MORTISE_REQUIRE_NGINX", "nginx-light")) {
            return;
        }
        ProductionLoad.Report report = ProductionLoad.run(ROOT, 40, Duration.ofSeconds(60), Duration.ofSeconds(10));

        assertThat(report.books().agrees()).as(report.books().toString()).isTrue();
        Tally tally = report.figures().tally();
        assertThat(tally.all().count()).isGreaterThan(1_000);
        // A machine that has other things to do may have been too slow for some; nothing else may go wrong.
        assertThat(tally.failed() - tally.busy())
                .as(tally.failures().toString())
                .isZero();
        assertThat(tally.unknown()).isZero();
    }

    @Test
    void operatorsAreToldOfEveryFaultInTime() throws Exception {
        if (!isThere("nginx", "MORTISE_REQUIRE_NGINX", "nginx-light")
                || !isThere("prometheus", "MORTISE_REQUIRE_PROMETHEUS", "prometheus")) {
            return;
        }
        List<ProductionDetection.Detected> detected = ProductionDetection.run(ROOT);

        detected.forEach(each -> System.out.println(each.line()));
        assertThat(detected)
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(each -> assertThat(each.told()).as(each.line()).isLessThan(PROMISED));
    }

    private static boolean isThere(String program, String required, String from) {
        boolean found = Stream.concat(Stream.of(System.getenv("PATH").split(":", -1)), Stream.of("/usr/sbin"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!found) {
            assertThat(System.getenv(required))
                    .as("%s is missing, and %s is set", program, required)
                    .isNull();
            System.err.println("Not run: " + program + " is missing (Debian: apt-get install " + from + ")");
        }
        return found;
    }
}
