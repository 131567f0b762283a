package dev.mortise.examples.production;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.HttpAuthorization;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.TextContent;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/** The server as a user starts it: a process of its own, with a data folder of its own, at a free port. */
final class Service implements AutoCloseable {
    private final Path home;
    private final Process process;
    private final URI url;
    private final String adminKey;

    private Service(Path home, Process process, URI url, String adminKey) {
        this.home = home;
        this.process = process;
        this.url = url;
        this.adminKey = adminKey;
    }

    static Service start(Path home, Map<String, String> settings) throws IOException {
        Process process = process(home, settings, "serve");
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String first = Objects.requireNonNullElse(out.readLine(), "nothing");
        assertThat(first).as(Files.readString(home.resolve("stderr-serve"))).startsWith("listening on ");
        String second = out.readLine();
        String label = "administrator key, shown this once: ";
        // Behind a load balancer it says the port of its own beside the address that all share.
        String address = first.replaceFirst(".* at port (\\d+)$", "http://127.0.0.1:$1/mcp");
        return new Service(
                home,
                process,
                URI.create(address.replaceFirst("^listening on ", "")),
                second.startsWith(label) ? second.substring(label.length()) : "");
    }

    static Process process(Path home, Map<String, String> settings, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PORT", "0");
        builder.environment().put("MORTISE_DATA", home.resolve("data").toString());
        builder.environment().putAll(settings);
        return builder.redirectError(home.resolve("stderr-" + arguments[0]).toFile())
                .start();
    }

    /** What a command ended with. */
    record Ended(int status, String out, String err) {}

    static Ended run(Path home, Map<String, String> settings, String... arguments) throws Exception {
        Process process = process(home, settings, arguments);
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), out, Files.readString(home.resolve("stderr-" + arguments[0])));
        } finally {
            process.destroyForcibly();
        }
    }

    /** Makes a key on the command line, while the server runs. */
    String key(Map<String, String> settings, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("keys", "create"));
        arguments.addAll(List.of(options));
        Ended ended = run(home, settings, arguments.toArray(String[]::new));
        assertThat(ended.status()).as(ended.err()).isZero();
        return ended.out().strip().replaceFirst(".*: ", "");
    }

    URI url() {
        return url;
    }

    /** The key that was shown at the first start; empty at all others. */
    String adminKey() {
        return adminKey;
    }

    McpClient client(String key) {
        return McpClient.http(url)
                .clientInfo("test", "1")
                .authorization(HttpAuthorization.bearer(() -> key))
                .connect();
    }

    /** What a tool gives, if it did not fail. */
    static JsonNode call(McpClient client, String tool, Object arguments) {
        CallToolResult result = client.callTool(tool, arguments);
        assertThat(result.isError()).as(tool + ": " + text(result)).isFalse();
        return Objects.requireNonNull(result.structuredContent());
    }

    /** What a tool says that fails. */
    static String failure(McpClient client, String tool, Object arguments) {
        CallToolResult result = client.callTool(tool, arguments);
        assertThat(result.isError()).as(tool + ": " + text(result)).isTrue();
        return text(result);
    }

    static String text(CallToolResult result) {
        return result.content().stream()
                .filter(TextContent.class::isInstance)
                .map(block -> ((TextContent) block).text())
                .reduce("", String::concat);
    }

    /** Waits until something is so, which it has to be by then. */
    static void within(Duration time, BooleanSupplier condition) {
        long end = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("after " + time).isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** As a service manager stops it. */
    void stop() throws InterruptedException {
        process.toHandle().destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
