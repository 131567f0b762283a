package dev.mortise.examples.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The program as a user starts it, and a client on the other end of the wire. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MainTest {
    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;
    private URI url;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("readme.md"), "# Read me\n\nStart here.");
    }

    @AfterEach
    void kill() {
        process.destroyForcibly();
        http.shutdownNow();
    }

    private void start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(folder.resolve(".stderr").toFile())
                .start();
    }

    private void serve() throws IOException {
        start("0", folder.toString());
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String first = out.readLine();
        assertThat(first).startsWith("listening on http://127.0.0.1:").endsWith("/mcp");
        url = URI.create(first.substring("listening on ".length()));
    }

    private HttpRequest request(String method, String name, String params) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", method);
        if (!name.isEmpty()) {
            request.header("Mcp-Name", name);
        }
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":{" + params
                + "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
        return request.POST(HttpRequest.BodyPublishers.ofString(body)).build();
    }

    private JsonNode result(String method, String name, String params) throws Exception {
        HttpResponse<String> response =
                http.send(request(method, name, params), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertThat(response.statusCode()).isEqualTo(200);
        return Json.parse(response.body()).path("result");
    }

    private int exitCode() throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String errors() throws IOException {
        return Files.readString(folder.resolve(".stderr"));
    }

    @Test
    void itServesTheFolder() throws Exception {
        serve();
        assertThat(result("server/discover", "", "").path("instructions").stringValue())
                .isNotBlank();
        assertThat(result("tools/list", "", "").path("tools")).hasSize(4);
        assertThat(result(
                                "tools/call",
                                "search_documents",
                                "\"name\":\"search_documents\",\"arguments\":{\"query\":\"start\"},")
                        .at("/structuredContent/documents/0/title")
                        .stringValue())
                .isEqualTo("Read me");
        assertThat(result("resources/read", "docs:///readme.md", "\"uri\":\"docs:///readme.md\",")
                        .at("/contents/0/text")
                        .stringValue())
                .endsWith("Start here.");
    }

    @Test
    void aListenerHearsOfAChangeAndOfTheEnd() throws Exception {
        serve();
        HttpResponse<Stream<String>> listening = http.send(
                request("subscriptions/listen", "", "\"notifications\":{\"resourcesListChanged\":true},"),
                HttpResponse.BodyHandlers.ofLines());
        Iterator<String> events =
                listening.body().filter(line -> line.startsWith("data:")).iterator();
        assertThat(events.next()).contains("notifications/subscriptions/acknowledged");

        Files.writeString(folder.resolve("new.md"), "# New");
        assertThat(events.next()).contains("notifications/resources/list_changed");

        process.toHandle().destroy();
        assertThat(events.next()).contains("notifications/cancelled");
        assertThat(events.next()).contains("\"result\"");
        assertThat(events.hasNext()).isFalse();
        assertThat(exitCode()).as("ended by SIGTERM").isEqualTo(143);
        assertThat(errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "8080", "http .", "-1 .", "65536 .", "99999999999 .", "0 . .", "--secured", "--secured 0 ."})
    void otherArgumentsAreAnsweredWithTheUsage(String arguments) throws Exception {
        start(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        assertThat(exitCode()).isEqualTo(2);
        assertThat(errors()).startsWith("usage: ").hasLineCount(1);
    }

    @Test
    void aFolderThatIsNotThereIsSaidPlainly() throws Exception {
        start("0", folder.resolve("none").toString());
        assertThat(exitCode()).isEqualTo(2);
        assertThat(errors()).isEqualToIgnoringNewLines(folder.resolve("none") + ": there is no such folder");
    }

    @Test
    void aPortInUseIsSaidPlainly() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            start(Integer.toString(taken.getLocalPort()), folder.toString());
            assertThat(exitCode()).isEqualTo(2);
            assertThat(errors())
                    .isEqualToIgnoringNewLines(
                            "port " + taken.getLocalPort() + " is in use: choose another, or 0 for any that is free");
        }
    }
}
