package dev.mortise.examples.production;

import static dev.mortise.examples.production.Service.call;
import static dev.mortise.examples.production.Service.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.AuthorizationRequiredException;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.client.ServerCommand;
import dev.mortise.mcp.schema.ToolDefinition;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who sees and may do what, and what a restart leaves. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AccessTest {
    @TempDir
    Path home;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void usersAreApartAndNothingIsLostByARestart() throws Exception {
        String ann;
        String admin;
        String id;
        try (Service service = Service.start(home, Map.of())) {
            admin = service.adminKey();
            ann = service.key(Map.of(), "--subject", "ann", "--tenant", "acme");
            String other = service.key(Map.of(), "--subject", "ann", "--tenant", "globex");
            try (McpClient hers = service.client(ann);
                    McpClient others = service.client(other)) {
                id = call(hers, "remember", Map.of("text", "My locker is number 17"))
                        .path("id")
                        .stringValue();
                assertThat(call(others, "list_memories", Map.of()).path("total").intValue())
                        .isZero();
                assertThat(call(others, "forget", Map.of("id", id))
                                .path("forgotten")
                                .intValue())
                        .isZero();
                assertThatThrownBy(() -> others.readResource("mortise://memory/" + id))
                        .isInstanceOf(RpcException.class);
                assertThat(call(others, "my_keys", Map.of()).path("keys")).hasSize(1);
                assertThat(others.tools().map(ToolDefinition::name))
                        .as("what a key does not reach is not there")
                        .doesNotContain("erase_memories")
                        .as("what it lacks a scope for is, as README says")
                        .contains("list_keys");
                assertThat(others.tools()).hasSize(51);
                assertThatThrownBy(() -> others.callTool("list_keys", Map.of()))
                        .isInstanceOf(AuthorizationRequiredException.class)
                        .hasMessageContaining("403");
            }
            service.stop();
        }
        try (Service service = Service.start(home, Map.of())) {
            assertThat(service.adminKey()).as("shown once").isEmpty();
            try (McpClient hers = service.client(ann)) {
                assertThat(call(hers, "recall", Map.of("about", "locker"))
                                .at("/memories/0/id")
                                .stringValue())
                        .isEqualTo(id);
            }
            onlyTheOwnerReadsTheData(admin, ann);
            Service.Ended verified = Service.run(home, Map.of(), "audit", "verify");
            assertThat(verified.out()).startsWith("clean: ");
            assertThat(verified.status()).isZero();
        }
    }

    private void onlyTheOwnerReadsTheData(String... secrets) throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("data"))))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(home.resolve("data"))) {
            for (Path file : files.toList()) {
                boolean folder = Files.isDirectory(file);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo(folder ? "rwx------" : "rw-------");
                if (folder) {
                    continue;
                }
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(secrets);
            }
        }
    }

    @Test
    void somebodyElseApprovesAndARevokedKeyIsWorthNothing() throws Exception {
        try (Service service = Service.start(home, Map.of());
                McpClient admin = service.client(service.adminKey());
                McpClient ann = service.client(service.key(Map.of(), "--subject", "ann", "--reach", "critical"))) {
            call(ann, "remember", Map.of("text", "one"));
            call(ann, "remember", Map.of("text", "two"));
            assertThatThrownBy(() -> ann.callTool("erase_memories", Map.of()))
                    .isInstanceOf(AuthorizationRequiredException.class)
                    .hasMessageContaining("403");
            assertThat(call(ann, "my_requests", Map.of())
                            .at("/requests/0/status")
                            .stringValue())
                    .isEqualTo("PENDING");

            JsonNode open = call(admin, "list_approvals", Map.of()).at("/requests/0");
            assertThat(open.path("tool").stringValue()).isEqualTo("erase_memories");
            String request = open.path("id").stringValue();
            call(admin, "approve_request", Map.of("id", request));
            assertThat(failure(admin, "deny_request", Map.of("id", request))).contains("decided");
            assertThat(call(ann, "erase_memories", Map.of()).path("forgotten").intValue())
                    .isEqualTo(2);
            assertThatThrownBy(() -> ann.callTool("erase_memories", Map.of()))
                    .as("an approval is for one call")
                    .hasMessageContaining("This takes an approval");

            assertThatThrownBy(() -> admin.callTool("erase_memories", Map.of()))
                    .hasMessageContaining("This takes an approval");
            String own =
                    call(admin, "my_requests", Map.of()).at("/requests/0/id").stringValue();
            assertThat(failure(admin, "approve_request", Map.of("id", own))).contains("another administrator");

            String key = call(ann, "my_keys", Map.of()).at("/keys/0/id").stringValue();
            assertThat(call(admin, "revoke_key", Map.of("id", key)).path("now").booleanValue())
                    .isTrue();
            Service.within(Duration.ofSeconds(5), () -> {
                try {
                    ann.callTool("who_am_i", Map.of());
                    return false;
                } catch (AuthorizationRequiredException e) {
                    return true;
                }
            });
            assertThat(call(admin, "search_audit", Map.of("target", key, "kind", "KEY"))
                            .path("events"))
                    .hasSize(2);
        }
    }

    @Test
    void whatStandsBesideTheEndpoint() throws Exception {
        try (Service service = Service.start(home, Map.of())) {
            HttpResponse<String> refused = get(service.url(), "");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .contains("resource_metadata");
            HttpResponse<String> nowhere = get(service.url().resolve("/nowhere"), "");
            assertThat(nowhere.statusCode()).isEqualTo(404);
            assertThat(nowhere.body()).isEqualTo("{\"status\":404,\"error\":\"Not Found\"}");
            assertThat(nowhere.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(nowhere.headers().firstValue("Server")).isEmpty();
            assertThat(spoken(service.url(), "GET / HTTP/1.1\r\nHost: [\r\n\r\n"))
                    .startsWith("HTTP/1.1 400 ")
                    .endsWith("{\"status\":400,\"error\":\"Bad Request\"}")
                    .doesNotContainIgnoringCase("jetty");
            assertThat(get(service.url().resolve("/health/live"), "").body()).contains("up");
            assertThat(get(service.url().resolve("/health/ready"), "").statusCode())
                    .isEqualTo(200);
            assertThat(get(service.url().resolve("/.well-known/oauth-protected-resource/mcp"), "")
                            .body())
                    .contains("\"" + service.url() + "\"");
            assertThat(get(service.url().resolve("/admin/keys"), service.adminKey())
                            .body())
                    .contains("administrator");
            try (McpClient admin = service.client(service.adminKey())) {
                call(admin, "calculate", Map.of("expression", "1+1"));
            }
            assertThat(get(service.url().resolve("/metrics"), "").body())
                    .contains("api_requests_total{", "tool=\"calculate\"")
                    .as("what alerts look at is there before it happens")
                    .contains("audit_write_failures_total 0.0", "billing_outbox_pending ", "system_health{");
        }
    }

    /** What somebody hears who says something that is no HTTP. */
    private static String spoken(URI url, String words) throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HttpResponse<String> get(URI uri, String key) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void tokensOfTheIssuerAreTakenBesideKeys() throws Exception {
        String secret = "k3Q9vZpL0wXyT7uRb2NfEo8sHc5JmA1d";
        Map<String, String> settings = Map.of("JWT_ISSUER", "https://login.example.com", "JWT_SECRET_KEY", secret);
        try (Service service = Service.start(home, settings)) {
            String token = Token.signed(
                    secret, "https://login.example.com", service.url().toString(), "bob");
            try (McpClient bob = service.client(token)) {
                JsonNode me = call(bob, "who_am_i", Map.of());
                assertThat(me.path("subject").stringValue()).isEqualTo("bob");
                assertThat(me.path("admittedBy").stringValue()).isEqualTo("JWT");
            }
            assertThat(get(service.url().resolve("/.well-known/oauth-protected-resource"), "")
                            .body())
                    .contains("https://login.example.com");
            String forged = Token.signed(
                    secret + "x", "https://login.example.com", service.url().toString(), "bob");
            assertThatThrownBy(() -> service.client(forged)).isInstanceOf(AuthorizationRequiredException.class);
            assertThat(Files.readString(home.resolve("stderr-serve"))).doesNotContain(secret, token);
        }
    }

    @Test
    void theSameToolsOverStdio() throws Exception {
        try (McpClient desktop = McpClient.to(ServerCommand.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "stdio")
                        .environment("MORTISE_DATA", home.resolve("data").toString()))
                .probeTimeout(Duration.ofSeconds(30))
                .connect()) {
            assertThat(call(desktop, "calculate", Map.of("expression", "0.1 + 0.2"))
                            .path("result")
                            .stringValue())
                    .isEqualTo("0.3");
            call(desktop, "remember", Map.of("text", "Over stdio"));
            assertThat(call(desktop, "list_memories", Map.of()).path("total").intValue())
                    .isEqualTo(1);
            assertThatThrownBy(() -> desktop.callTool("list_keys", Map.of())).isInstanceOf(RpcException.class);
        }
    }
}
