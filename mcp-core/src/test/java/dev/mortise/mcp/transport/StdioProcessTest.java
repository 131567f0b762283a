package dev.mortise.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real standard streams of a real process. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StdioProcessTest {
    @TempDir
    Path folder;

    private Process process;

    @Test
    void strayPrintsGoToStandardErrorAndTheEndOfTheInputIsTheEnd() throws Exception {
        start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        send("prints", "reads", "second run", "\u00e9\u4e2d\u6587");
        assertThat(List.of(out.readLine(), out.readLine(), out.readLine(), out.readLine()))
                .containsExactlyInAnyOrder(
                        result(0, "prints"),
                        result(1, "read -1"),
                        result(2, "refused"),
                        result(3, "\u00e9\u4e2d\u6587"));
        process.getOutputStream().close();

        assertThat(out.readLine()).isNull();
        assertThat(exitCode()).isZero();
        assertThat(errors()).contains("a stray line", "a stray piece", "run has returned");
    }

    @Test
    void theStandardStreamsAreGivenBack() throws Exception {
        start("printed after the end");
        process.getOutputStream().close();
        assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("printed after the end");
        assertThat(exitCode()).isZero();
    }

    @Test
    void aRequestThatHangsDoesNotKeepTheProcess() throws Exception {
        start();
        send("hangs");
        assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).contains("notifications/message");
        process.getOutputStream().close();
        assertThat(exitCode()).isZero();
    }

    @Test
    void theProcessEndsWhenNobodyReads() throws Exception {
        start();
        process.getInputStream().close();
        send("echo");
        assertThat(exitCode()).isZero();
        assertThat(errors()).contains("run has returned");
    }

    @AfterEach
    void stop() {
        process.destroyForcibly();
    }

    private void start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StrayPrints.class.getName()));
        command.addAll(Arrays.asList(arguments));
        process = new ProcessBuilder(command)
                .redirectError(folder.resolve("errors").toFile())
                .start();
    }

    private void send(String... methods) throws IOException {
        OutputStream in = process.getOutputStream();
        for (int id = 0; id < methods.length; id++) {
            in.write("{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\"}\n"
                    .formatted(id, methods[id])
                    .getBytes(StandardCharsets.UTF_8));
        }
        in.flush();
    }

    private static String result(int id, String name) {
        return "{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{\"name\":\"%s\"}}".formatted(id, name);
    }

    private int exitCode() throws InterruptedException {
        assertThat(process.waitFor(StdioClient.PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the process has ended")
                .isTrue();
        return process.exitValue();
    }

    private String errors() throws IOException {
        return Files.readString(folder.resolve("errors"));
    }
}
