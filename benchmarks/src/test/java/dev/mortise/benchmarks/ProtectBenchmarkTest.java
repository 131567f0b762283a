package dev.mortise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is measured is a successful call, and not a quick refusal. */
class ProtectBenchmarkTest {
    @Test
    void everyBenchmarkAnswersItsCall() {
        ProtectBenchmark benchmark = new ProtectBenchmark();
        byte[] bare = benchmark.bare();
        assertThat(new String(bare, StandardCharsets.UTF_8)).contains("22740 cents");
        assertThat(benchmark.breakerAndBulkhead()).isEqualTo(bare);
        assertThat(benchmark.breakerBulkheadAndTimeout()).isEqualTo(bare);
    }
}
