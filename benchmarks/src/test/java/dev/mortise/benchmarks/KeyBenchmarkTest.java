package dev.mortise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.security.auth.CredentialVerifier.Verdict;
import org.junit.jupiter.api.Test;

/** What is measured is a key that lets its holder in, and one that does not. */
class KeyBenchmarkTest {
    @Test
    void oneIsGoodAndOneIsNot() {
        KeyBenchmark benchmark = new KeyBenchmark();
        assertThat(benchmark.known()).isInstanceOf(Verdict.Verified.class);
        assertThat(benchmark.known()).isInstanceOf(Verdict.Verified.class);
        assertThat(benchmark.mistyped()).isInstanceOf(Verdict.Invalid.class);
        benchmark.close();
    }
}
