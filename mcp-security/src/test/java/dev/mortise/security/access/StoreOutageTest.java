package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.TestPostgres;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.key.IssuedKey;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.store.SecurityStores;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The database dies, and comes back. */
@Timeout(120)
class StoreOutageTest {
    @Test
    void whatCannotBeCheckedIsRefusedAndNothingIsForgotten() throws Exception {
        try (TestPostgres postgres = TestPostgres.start();
                SecurityStores stores = SecurityStores.sql(postgres.dataSource())
                        .timeout(Duration.ofSeconds(1))
                        .migrate()) {
            Security security = Security.in(Environment.TEST)
                    .stores(stores)
                    .authenticatorOf(TestAuthenticator::new)
                    .build();
            McpServer server = McpServer.builder("test", "1")
                    .plugin(security)
                    .tool(Tool.named("open")
                            .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                            .handle((in, call) -> "ran"))
                    .build();
            IssuedKey good = security.keys().issue("ann", null, "", KeyLimits.BASIC);
            IssuedKey revoked = security.keys().issue("ann", null, "", KeyLimits.BASIC);
            Wire wire = Wire.to(server, good.secret());
            assertThat(wire.call("open", "{}").reply().status()).isEqualTo(200);
            assertThat(Wire.to(server, revoked.secret())
                            .call("open", "{}")
                            .reply()
                            .status())
                    .isEqualTo(200);
            security.keys().revoke(revoked.key().id());

            postgres.kill();
            // What is remembered holds for a moment, and then nothing does.
            Eventually.holds("refused", () -> wire.call("open", "{}").reply().status() == 503);
            assertThat(Wire.to(server, revoked.secret())
                            .call("open", "{}")
                            .reply()
                            .status())
                    .isNotEqualTo(200);
            assertThat(wire.call("open", "{}").error().message()).isEqualTo("authentication is unavailable");

            postgres.restart();
            Eventually.holds("good again", () -> wire.call("open", "{}").reply().status() == 200);
            assertThat(Wire.to(server, revoked.secret())
                            .call("open", "{}")
                            .reply()
                            .status())
                    .isEqualTo(401);
            server.close();
        }
    }
}
