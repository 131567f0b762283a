package dev.mortise.examples.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What the example writes to standard output, as whoever ships it to Elasticsearch has it. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EcsLogTest {
    private static final String SECRET = "sk-live-4242424242424242";
    private static final String CALL = """
            {"jsonrpc":"2.0","id":"%s","method":"tools/call","params":{"name":"divide",
             "arguments":{"dividend":7,"divisor":%d},
             "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","traceparent":"%s",
              "io.modelcontextprotocol/clientCapabilities":{}}}}
            """;

    @Test
    void everyLineIsOneJsonObjectByTheElasticCommonSchema() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "0")
                .start();
        try (BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
                BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String url = address(errors);
            assertThat(post(url, "7", 2)).contains("\"3\"");
            assertThat(post(url, SECRET, 0)).contains("isError");

            List<JsonNode> calls = new ArrayList<>();
            List<JsonNode> incidents = new ArrayList<>();
            while (calls.size() < 2) {
                String line = output.readLine();
                assertThat(line).as("the log ends").isNotNull().doesNotContain(SECRET);
                JsonNode entry = Json.parse(line);
                assertEcs(entry);
                switch (entry.path("log.logger").asString("")) {
                    case "dev.mortise.mcp.calls" -> calls.add(entry);
                    default -> incidents.add(entry);
                }
            }
            assertGood(calls.get(0));
            assertBroken(calls.get(1), incidents);
        } finally {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static void assertEcs(JsonNode entry) {
        assertThat(entry.path("@timestamp").asString("")).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat(entry.path("log.level").asString("")).isNotEmpty();
        assertThat(entry.path("message").asString("")).isNotEmpty();
        assertThat(entry.path("ecs.version").asString("")).isNotEmpty();
        assertThat(entry.path("service.name").asString("")).isEqualTo("calculator");
    }

    private static void assertGood(JsonNode line) {
        assertThat(line.path("message").asString("")).isEqualTo("tools/call divide: complete");
        assertThat(line.path("log.level").asString("")).isEqualTo("INFO");
        assertThat(line.path("event.action").asString("")).isEqualTo("tools/call");
        assertThat(line.path("event.outcome").asString("")).isEqualTo("success");
        assertThat(line.path("event.duration").asLong(0)).isPositive();
        assertThat(line.path("gen_ai.tool.name").asString("")).isEqualTo("divide");
        assertThat(line.path("jsonrpc.request.id").asString("")).isEqualTo("7");
        assertThat(line.path("user.hash").asString("")).matches("[0-9a-f]{16}");
        assertThat(line.path("client.address").asString("")).isEqualTo("127.0.0.1");
        assertThat(line.path("trace.id").asString("")).isEqualTo(Traffic.PARENT.substring(3, 35));
    }

    private static void assertBroken(JsonNode line, List<JsonNode> incidents) {
        assertThat(line.path("event.outcome").asString("")).isEqualTo("failure");
        assertThat(line.path("mcp.outcome").asString("")).isEqualTo("internal");
        assertThat(line.path("jsonrpc.request.id").asString("")).contains("[redacted]");
        String reference = line.path("error.id").asString("");
        assertThat(reference).isNotEmpty();
        assertThat(incidents).as("the incident's own line has the stack trace").anySatisfy(incident -> {
            assertThat(incident.path("message").asString("")).contains(reference);
            assertThat(incident.path("error.type").asString("")).isEqualTo("java.lang.ArithmeticException");
            assertThat(incident.path("error.stack_trace").asString("")).contains("ObservedServer");
        });
    }

    private static String address(BufferedReader errors) throws IOException {
        while (true) {
            String line = errors.readLine();
            assertThat(line).as("it ends before it listens").isNotNull();
            if (line.startsWith("listening on ")) {
                return line.substring("listening on ".length());
            }
        }
    }

    private static String post(String url, String id, int divisor) throws IOException, InterruptedException {
        return Traffic.send(HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json, text/event-stream")
                        .header("MCP-Protocol-Version", "2026-07-28")
                        .header("Mcp-Method", "tools/call")
                        .header("Mcp-Name", "divide")
                        .POST(HttpRequest.BodyPublishers.ofString(CALL.formatted(id, divisor, Traffic.PARENT)))
                        .build())
                .body();
    }
}
