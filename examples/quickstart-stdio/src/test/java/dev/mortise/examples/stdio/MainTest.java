package dev.mortise.examples.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The program as a client starts it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MainTest {
    @TempDir
    Path folder;

    private Process process;

    private void start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        process = builder.redirectError(folder.resolve(".stderr").toFile()).start();
    }

    @AfterEach
    void kill() {
        process.destroyForcibly();
    }

    private JsonNode result(int id, String method, String params) throws IOException {
        Writer in = process.outputWriter(StandardCharsets.UTF_8);
        in.write("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{" + params
                + "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientCapabilities\":{}}}}\n");
        in.flush();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        JsonNode response = Json.parse(out.readLine());
        assertThat(response.path("id").intValue()).isEqualTo(id);
        return response.path("result");
    }

    private int exitCode() throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String errors() throws IOException {
        return Files.readString(folder.resolve(".stderr"));
    }

    @Test
    void itServesUntilItsInputEnds() throws Exception {
        Files.writeString(folder.resolve("网关.md"), "# 网关变量");
        start(folder.toString());

        assertThat(result(1, "server/discover", "").path("instructions").stringValue())
                .isNotBlank();
        assertThat(result(2, "resources/list", "").at("/resources/0/title").stringValue())
                .isEqualTo("网关变量");
        assertThat(result(3, "resources/read", "\"uri\":\"docs:///%E7%BD%91%E5%85%B3.md\",")
                        .at("/contents/0/text")
                        .stringValue())
                .as("also without a locale, as clients start it")
                .isEqualTo("# 网关变量");
        assertThat(result(4, "tools/call", "\"name\":\"add_note\",\"arguments\":{\"name\":\"会议\",\"text\":\"x\"},")
                        .at("/structuredContent/name")
                        .stringValue())
                .isEqualTo("会议.md");
        assertThat(result(5, "resources/list", "").path("resources")).hasSize(2);

        process.getOutputStream().close();
        assertThat(exitCode()).isZero();
        assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isNull();
        assertThat(errors()).hasLineCount(1).startsWith("serving the documents of");
    }

    @Test
    void aFolderThatIsNotThereIsSaidPlainly() throws Exception {
        start(folder.resolve("none").toString());
        assertThat(exitCode()).isEqualTo(2);
        assertThat(errors()).isEqualToIgnoringNewLines(folder.resolve("none") + ": there is no such folder");
    }

    @Test
    void withoutAFolderItSaysHowItIsUsed() throws Exception {
        start();
        assertThat(exitCode()).isEqualTo(2);
        assertThat(errors()).startsWith("usage: ").hasLineCount(1);
    }
}
