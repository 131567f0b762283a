package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpClientBuilder;
import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.TextContent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import tools.jackson.databind.JsonNode;

/** Real processes, of servers old and new, well-behaved and not. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StdioClientTest {
    @Test
    void talkToAModernServer() throws Exception {
        BlockingQueue<String> errors = new LinkedBlockingQueue<>();
        long pid;
        try (McpClient client = McpClient.to(
                        command("modern").environment("GIVEN", "yes").onStderr(errors::add))
                .probeTimeout(Duration.ofSeconds(60))
                .connect()) {
            assertThat(client.server().version()).isEqualTo(ProtocolVersion.V2026_07_28);
            assertThat(errors.poll(10, TimeUnit.SECONDS)).isEqualTo("modern server starts");
            JsonNode environment = Json.parse(text(client, "environment"));
            assertThat(environment.path("GIVEN").stringValue()).isEqualTo("yes");
            assertThat(environment.propertyNames())
                    .isSubsetOf("GIVEN", "HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER");
            pid = Long.parseLong(text(client, "pid"));
        }
        assertThat(isAlive(pid)).isFalse();
    }

    @Test
    void startTheServerAnewAfterItDied() throws Exception {
        try (McpClient client = client("modern").connect()) {
            String before = text(client, "pid");
            assertThatThrownBy(() -> client.callTool("die", Map.of()))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("exited with 3");
            assertThat(text(client, "pid")).isNotEqualTo(before);
        }
    }

    @Test
    void talkToALegacyServerHoweverItTakesTheProbe() {
        try (McpClient client = client("legacy").connect()) {
            assertThat(client.server().version()).isEqualTo(ProtocolVersion.V2024_11_05);
            assertThat(client.callTool("x", Map.of()).content()).isEmpty();
        }
        try (McpClient client = client("exits-when-probed").connect()) {
            assertThat(client.server().version()).isEqualTo(ProtocolVersion.V2024_11_05);
        }
        try (McpClient client = client("silent-when-probed")
                .probeTimeout(Duration.ofMillis(500))
                .connect()) {
            assertThat(client.server().version()).isEqualTo(ProtocolVersion.V2025_03_26);
        }
    }

    @Test
    void getRidOfAServerThatDoesNotWantToGo() {
        long pid;
        try (McpClient client = McpClient.to(command("stubborn").grace(Duration.ofMillis(300)))
                .probeTimeout(Duration.ofSeconds(60))
                .connect()) {
            pid = Long.parseLong(text(client, "pid"));
        }
        awaitDeath(pid);
    }

    /** As npx and the like: a program that starts the server, which reads and writes by itself. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void leaveNoServerBehindWhoseLauncherHasDied() throws Exception {
        List<String> launched = new ArrayList<>(List.of("/bin/sh", "-c", "\"$0\" \"$@\"; exit $?"));
        launched.addAll(command("stubborn").command());
        ServerCommand command =
                ServerCommand.of(launched.toArray(String[]::new)).grace(Duration.ofMillis(300));
        try (McpClient client =
                McpClient.to(command).probeTimeout(Duration.ofSeconds(60)).connect()) {
            ProcessHandle server =
                    ProcessHandle.of(Long.parseLong(text(client, "pid"))).orElseThrow();
            ProcessHandle launcher = server.parent().orElseThrow();
            assertThat(launcher.parent()).contains(ProcessHandle.current());
            launcher.destroyForcibly();
            awaitDeath(launcher.pid());
            awaitDeath(server.pid());
            assertThat(text(client, "pid")).as("another one").isNotEqualTo(String.valueOf(server.pid()));
        }
    }

    @Test
    void giveUpOnAServerThatSaysNothing() {
        assertThatThrownBy(() -> McpClient.to(command("deaf").grace(Duration.ofMillis(100)))
                        .probeTimeout(Duration.ofMillis(300))
                        .connectTimeout(Duration.ofMillis(300))
                        .connect())
                .isInstanceOf(CallTimeoutException.class);
    }

    @Test
    void sayThatThereIsNoSuchProgram() {
        assertThatThrownBy(() -> McpClient.stdio("no-such-program-anywhere").connect())
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("is it installed");
    }

    private static McpClientBuilder client(String kind) {
        return McpClient.to(command(kind)).probeTimeout(Duration.ofSeconds(60));
    }

    private static ServerCommand command(String kind) {
        return ServerCommand.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                StdioServer.class.getName(),
                kind);
    }

    private static String text(McpClient client, String tool) {
        return ((TextContent) client.callTool(tool, Map.of()).content().getFirst()).text();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Not by {@code onExit}, which may wait for the output of what the process has started. */
    private static void awaitDeath(long pid) {
        while (isAlive(pid)) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
