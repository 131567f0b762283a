package dev.mortise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is measured is a successful call, and not a quick refusal. */
class StageBenchmarkTest {
    @Test
    void everyBenchmarkAnswersItsCall() {
        StageBenchmark benchmark = new StageBenchmark();
        byte[] bare = benchmark.bare();
        assertThat(new String(bare, StandardCharsets.UTF_8)).contains("22740 cents");
        assertThat(benchmark.limits()).isEqualTo(bare);
        assertThat(benchmark.newKey()).isEqualTo(bare);
        assertThat(benchmark.repeatedKey()).isEqualTo(bare);
        assertThat(new String(benchmark.repeatedKey(), StandardCharsets.UTF_8))
                .contains("22740 cents")
                .contains("dev.mortise/replayed");
    }

    @Test
    void ratesAdmitAndRefuse() {
        RateBenchmark rates = new RateBenchmark();
        assertThat(rates.admitted()).isTrue();
        assertThat(rates.threeWindows()).isTrue();
        for (int i = 0; i < 2_000; i++) {
            rates.refused();
        }
        assertThat(rates.refused()).isFalse();
    }
}
