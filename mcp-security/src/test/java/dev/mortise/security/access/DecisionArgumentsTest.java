package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.Tool;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.audit.ArgumentDigest;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.ShownArguments;
import dev.mortise.security.key.KeyLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which arguments a decision was about can be proved later, and nobody reads them in the log. */
class DecisionArgumentsTest {
    record Pay(String account, int amount) {}

    private final RecordedTrail trail = new RecordedTrail();
    private final Security security = Security.in(Environment.TEST)
            .audit(trail)
            .authenticatorOf(TestAuthenticator::new)
            .build();
    private final McpServer server = McpServer.builder("test", "1")
            .plugin(security)
            .tool(Tool.named("pay")
                    .input(Pay.class)
                    .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                    .handle((in, call) -> "paid"))
            .tool(Tool.named("look")
                    .input(Pay.class)
                    .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                    .with(ShownArguments.ATTRIBUTE, ShownArguments.of("amount"))
                    .handle((in, call) -> "seen"))
            .tool(Tool.named("drop")
                    .input(Pay.class)
                    .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                    .handle((in, call) -> "dropped"))
            .build();

    @AfterEach
    void close() {
        server.close();
    }

    private AuditEvent decision(String tool) {
        KeyLimits limits = KeyLimits.BASIC.withReach(SecurityLevel.CRITICAL);
        Wire.to(server, security.keys().issue("ann", "acme", "", limits).secret())
                .call(tool, "{'account':'DE02','amount':7}");
        return trail.events().stream()
                .filter(event -> event.kind() == AuditEvent.Kind.DECISION)
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    @Test
    void aDigestOfThemIsTakenDown() {
        AuditEvent event = decision("pay");
        String digest = event.details().get(ArgumentDigest.DETAIL);
        assertThat(event.toString()).doesNotContain("DE02");
        assertThat(ArgumentDigest.matches(digest, Wire.json("{'amount':7,'account':'DE02'}")))
                .isTrue();
        assertThat(ArgumentDigest.matches(digest, Wire.json("{'amount':8,'account':'DE02'}")))
                .isFalse();
        assertThat(decision("pay").details().get(ArgumentDigest.DETAIL))
                .as("with a salt of its own")
                .isNotEqualTo(digest);
    }

    @Test
    void thoseThatAToolCallsHarmlessAreShown() {
        assertThat(decision("look").details().get(ArgumentDigest.DETAIL))
                .contains("\"amount\":7")
                .contains("\"account\":\"…\"")
                .doesNotContain("DE02");
    }

    @Test
    void alsoOfWhatHasToBeApproved() {
        AuditEvent event = decision("drop");
        assertThat(event.outcome()).isEqualTo(AuditEvent.Outcome.CHALLENGED);
        assertThat(event.details()).containsKeys("approval", ArgumentDigest.DETAIL);
    }
}
