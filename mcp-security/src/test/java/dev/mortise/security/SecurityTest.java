package dev.mortise.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.security.access.FakePages;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.store.Home;
import dev.mortise.security.store.SqlHome;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecurityTest {
    @Test
    void productionTakesNoDefaultsThatAreForDevelopment() {
        assertThatThrownBy(() -> Security.in(Environment.PRODUCTION)
                        .resource(ProtectedResource.of("http://mcp.example.com"))
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("live")
                .hasMessageContaining("stores(")
                .hasMessageContaining("authenticator(")
                .hasMessageContaining("audit(")
                .hasMessageContaining("resource(");
        assertThat(Security.in(Environment.DEVELOPMENT).build()).isNotNull();
    }

    @Test
    void productionStartsWithWhatItNeeds(@TempDir Path directory) throws Exception {
        try (Home home = SqlHome.sqlite(directory)) {
            SecurityBuilder builder = Security.in(Environment.PRODUCTION)
                    .stores(home.stores())
                    .authenticator((Authenticator) origin -> Authenticator.admit(Caller.of("x")))
                    .audit(event -> {});
            assertThat(builder.build()).isNotNull();
            assertThatThrownBy(() -> builder.approvalPage(
                                    URI.create("http://mcp.example.com/approve"), FakePages.nobody(), Duration.ZERO)
                            .build())
                    .hasMessageContaining("approvalPage(");
        }
    }

    @Test
    void aRevocationIsNeverLookedForTooRarely() {
        assertThatThrownBy(() -> Security.in(Environment.TEST).pollInterval(Duration.ofSeconds(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pollInterval");
    }
}
