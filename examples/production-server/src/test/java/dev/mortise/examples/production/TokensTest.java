package dev.mortise.examples.production;

import static dev.mortise.examples.production.Service.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.AuthorizationRequiredException;
import dev.mortise.mcp.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Access tokens of an authorization server: whose they are, and what happens while its secret is changed. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TokensTest {
    private static final String ISSUER = "https://login.example.com";
    private static final String OLD = "k3Q9vZpL0wXyT7uRb2NfEo8sHc5JmA1d";
    private static final String NEW = "Zr5mW1tXc8LqB4vKe7YpJ2hNd9GsU3fA";

    @TempDir
    Path home;

    private static Map<String, String> settings(String... more) {
        Map<String, String> settings = new HashMap<>(Map.of("JWT_ISSUER", ISSUER));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    /** The three steps of the runbook, with two replicas of which one is always a step ahead of the other. */
    @Test
    void whileTheSecretIsChangedNoReplicaRefusesWhatTheIssuerSigns() throws Exception {
        Path one = Files.createDirectory(home.resolve("one"));
        Path two = Files.createDirectory(home.resolve("two"));
        Map<String, String> before = settings("JWT_SECRET_KEY", OLD);
        Map<String, String> between = settings("JWT_SECRET_KEY", NEW, "JWT_SECRET_KEY_PREVIOUS", OLD);
        Map<String, String> after = settings("JWT_SECRET_KEY", NEW);
        try (Service first = Service.start(one, between)) {
            try (Service second = Service.start(two, before)) {
                isTaken(first, OLD);
                isTaken(second, OLD);
            }
            try (Service second = Service.start(two, between)) {
                isTaken(first, NEW);
                isTaken(second, NEW);
                isTaken(first, OLD);
                isRefused(first, "of nobody " + OLD, Json.object());
                isRefused(
                        first,
                        OLD,
                        Json.object().put("exp", Instant.now().minusSeconds(60).getEpochSecond()));
            }
            try (Service second = Service.start(two, after)) {
                isTaken(first, NEW);
                isTaken(second, NEW);
                isRefused(second, OLD, Json.object());
            }
            assertThat(Files.readString(one.resolve("stderr-serve"))).doesNotContain(OLD, NEW);
        }
    }

    private static void isTaken(Service service, String secret) throws Exception {
        try (McpClient bob =
                service.client(Token.signed(secret, ISSUER, service.url().toString(), "bob"))) {
            assertThat(call(bob, "who_am_i", Map.of()).path("subject").stringValue())
                    .isEqualTo("bob");
        }
    }

    private static void isRefused(Service service, String secret, ObjectNode claims) throws Exception {
        String token = Token.signed(secret, ISSUER, service.url().toString(), "bob", claims);
        assertThatThrownBy(() -> service.client(token)).isInstanceOf(AuthorizationRequiredException.class);
    }

    @Test
    void aClaimSaysWhoseUserItIsAndWithoutItNobodyComesIn() throws Exception {
        Map<String, String> settings = settings("JWT_SECRET_KEY", OLD, "JWT_TENANT_CLAIM", "org");
        try (Service service = Service.start(home, settings)) {
            String url = service.url().toString();
            String token = Token.signed(OLD, ISSUER, url, "bob", Json.object().put("org", "acme"));
            String others = Token.signed(OLD, ISSUER, url, "bob", Json.object().put("org", "globex"));
            try (McpClient bob = service.client(token);
                    McpClient other = service.client(others)) {
                JsonNode me = call(bob, "who_am_i", Map.of());
                assertThat(me.path("tenant").stringValue()).isEqualTo("acme");
                assertThat(call(bob, "my_quota", Map.of()).path("account").stringValue())
                        .isEqualTo("acme");
                call(bob, "remember", Map.of("text", "of acme"));
                assertThat(call(other, "list_memories", Map.of()).path("total").intValue())
                        .as("the same name, another tenant")
                        .isZero();
            }
            isRefused(service, OLD, Json.object());
            isRefused(service, OLD, Json.object().put("org", ""));
            isRefused(service, OLD, Json.object().put("org", 17));
        }
    }
}
