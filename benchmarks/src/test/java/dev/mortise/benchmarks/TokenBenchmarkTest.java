package dev.mortise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.call.Authenticator.Admission;
import org.junit.jupiter.api.Test;

/** What is measured is an admission, and not a quick refusal. */
class TokenBenchmarkTest {
    @Test
    void bothAdmit() {
        TokenBenchmark benchmark = new TokenBenchmark();
        assertThat(benchmark.unknown()).isInstanceOf(Admission.Admitted.class);
        assertThat(benchmark.known()).isInstanceOf(Admission.Admitted.class);
    }
}
