package dev.mortise.benchmarks.production;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The short form of both: no wrong answer, and books that agree. Of time it says nothing: a call may be refused because the
 * machine is busy. The server's jar is built before this module.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProductionLoadTest {
    private static final Path ROOT = Path.of("..");

    @BeforeAll
    static void needsNginx() {
        boolean there = Stream.concat(Stream.of(System.getenv("PATH").split(":", -1)), Stream.of("/usr/sbin"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "nginx")));
        if (!there) {
            assertThat(System.getenv("MORTISE_REQUIRE_NGINX"))
                    .as("nginx is missing")
                    .isNull();
            abort("nginx is not installed");
        }
    }

    @Test
    void nothingFailsAndTheBooksAgree() throws Exception {
        ProductionLoad.Report report = ProductionLoad.run(ROOT, 20, Duration.ofSeconds(30), Duration.ofSeconds(10));
        assertThat(report.isRight()).as(String.join("\n", report.lines())).isTrue();
        assertThat(report.books().memories()).isPositive();
        assertThat(report.books().documents()).isPositive();
        assertThat(report.books().calls()).isGreaterThan(300);
    }

    @Test
    void whateverHappensTheBooksAgreeAndItIsOver() throws Exception {
        ProductionFaults.Report report = ProductionFaults.run(ROOT, 20, Duration.ofSeconds(4));
        assertThat(report.isRight()).as(String.join("\n", report.lines())).isTrue();
    }
}
