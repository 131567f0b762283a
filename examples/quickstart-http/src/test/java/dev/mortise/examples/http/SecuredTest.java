package dev.mortise.examples.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The secured variant as a newcomer starts it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SecuredTest {
    private static final String SECRET = "k3Q9vZpL0wXyT7uRb2NfEo8sHc5JmA1d";

    @TempDir
    Path home;

    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;
    private URI url;
    private String key;
    private String token;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectory(home.resolve("documents"));
        Files.writeString(home.resolve("documents/readme.md"), "# Read me");
    }

    @AfterEach
    void kill() {
        process.destroyForcibly();
        http.shutdownNow();
    }

    private void start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--secured",
                "0",
                home.resolve("documents").toString(),
                home.resolve("data").toString());
        builder.environment().remove("MORTISE_TOKEN_SECRET");
        builder.environment().putAll(environment);
        process = builder.redirectError(home.resolve("stderr").toFile()).start();
    }

    private void serve(Map<String, String> environment) throws IOException {
        start(environment);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String first = out.readLine();
        assertThat(first).as(Files.readString(home.resolve("stderr"))).startsWith("listening on ");
        url = URI.create(first.substring("listening on ".length()));
        out.readLine();
        out.readLine();
        key = after("API key, shown this once: ", out.readLine());
        token = after("Token, good for an hour: ", out.readLine());
    }

    private static String after(String label, String line) {
        return line.startsWith(label) ? line.substring(label.length()) : "";
    }

    private HttpResponse<String> list(String credential) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/list");
        if (!credential.isEmpty()) {
            request.header("Authorization", "Bearer " + credential);
        }
        return http.send(
                request.POST(HttpRequest.BodyPublishers.ofString(
                                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{"
                                        + "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                                        + "\"io.modelcontextprotocol/clientCapabilities\":{}}}}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private void stop() throws InterruptedException {
        process.toHandle().destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void onlyThoseWithAKeyOrATokenAreServed() throws Exception {
        serve(Map.of());
        HttpResponse<String> refused = list("");
        assertThat(refused.statusCode()).isEqualTo(401);
        String challenge = refused.headers().firstValue("WWW-Authenticate").orElseThrow();
        assertThat(challenge).startsWith("Bearer ");
        String metadata = challenge.replaceAll(".*resource_metadata=\"([^\"]*)\".*", "$1");
        JsonNode document = Json.parse(
                http.send(HttpRequest.newBuilder(URI.create(metadata)).build(), HttpResponse.BodyHandlers.ofString())
                        .body());
        assertThat(document.path("resource").stringValue()).isEqualTo(url.toString());

        assertThat(key).startsWith("mk_dev_");
        for (String credential : new String[] {key, token}) {
            HttpResponse<String> served = list(credential);
            assertThat(served.statusCode()).isEqualTo(200);
            assertThat(Json.parse(served.body()).at("/result/tools"))
                    .extracting(tool -> tool.path("name").stringValue())
                    .containsExactlyInAnyOrder("list_documents", "search_documents", "add_note");
        }
        assertThat(list(key + "x").statusCode()).isEqualTo(401);
        assertThat(list(token + "x").statusCode()).isEqualTo(401);
    }

    @Test
    void aKeyOutlivesTheProcessAndIsShownOnce() throws Exception {
        serve(Map.of());
        String first = key;
        stop();
        serve(Map.of());
        assertThat(key).isEmpty();
        assertThat(list(first).statusCode()).isEqualTo(200);
        stop();
        try (Stream<Path> files = Files.list(home.resolve("data"))) {
            for (Path file : files.toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(first);
            }
        }
    }

    @Test
    void tokensAreOfTheSecretInTheEnvironment() throws Exception {
        serve(Map.of("MORTISE_TOKEN_SECRET", SECRET));
        assertThat(token).as("nobody else's secret makes tokens for show").isEmpty();
        String own = SampleToken.issue(
                "https://login.example.com",
                url.toString(),
                SECRET.getBytes(StandardCharsets.UTF_8),
                Duration.ofMinutes(5));
        assertThat(list(own).statusCode()).isEqualTo(200);
        String other =
                SampleToken.issue("https://login.example.com", url.toString(), new byte[32], Duration.ofMinutes(5));
        assertThat(list(other).statusCode()).isEqualTo(401);
    }

    @Test
    void aWeakSecretIsNamedAndNothingStarts() throws Exception {
        start(Map.of("MORTISE_TOKEN_SECRET", "secret"));
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(Files.readString(home.resolve("stderr"))).contains("token-secret");
    }
}
