package dev.mortise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.security.audit.AuditEvent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured is a successful call, and not a quick refusal; and what should be taken down is. */
class SecurityChainBenchmarkTest {
    @ParameterizedTest
    @EnumSource
    void aGuardedCallIsAnsweredAsAnyOther(Guards guards) {
        try (GuardedServer server = new GuardedServer(guards)) {
            assertThat(new String(server.call(), StandardCharsets.UTF_8)).contains("22740 cents");
            assertThat(server.call()).isEqualTo(server.call());
            if (guards == Guards.WRITTEN_AUDIT) {
                assertThat(server.records())
                        .filteredOn(item -> item.event().kind() == AuditEvent.Kind.DECISION)
                        .hasSize(3)
                        .allSatisfy(item -> assertThat(item.event().target()).isEqualTo(Workload.TOOL));
            }
        }
    }
}
