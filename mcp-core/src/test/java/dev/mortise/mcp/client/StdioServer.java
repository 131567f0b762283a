package dev.mortise.mcp.client;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.StdioTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Servers that tests start as processes; the argument says which. */
final class StdioServer {
    private StdioServer() {}

    public record Nothing() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "modern" -> modern();
            case "legacy" -> legacy(false);
            case "exits-when-probed" -> legacy(true);
            case "silent-when-probed" -> silent();
            case "stubborn" -> stubborn();
            case "deaf" -> Thread.sleep(Duration.ofMinutes(5));
            default -> System.exit(9);
        }
    }

    private static void modern() {
        System.err.println("modern server starts");
        McpServer server = McpServer.builder("modern", "1")
                .tool(Tool.of(
                        "environment",
                        "What is around",
                        Nothing.class,
                        in -> Json.tree(new TreeMap<>(System.getenv())).toString()))
                .tool(Tool.of(
                        "pid",
                        "Who am I",
                        Nothing.class,
                        in -> "" + ProcessHandle.current().pid()))
                .tool(Tool.of("die", "Dies", Nothing.class, in -> {
                    Runtime.getRuntime().halt(3);
                    return "never";
                }))
                .build();
        StdioTransport.run(server::handle);
    }

    private static void legacy(boolean exitsWhenProbed) throws IOException {
        System.out.println("Welcome to the legacy server!");
        boolean open = false;
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                JsonNode message = Json.parse(line);
                String method = message.path("method").asString("");
                open |= method.equals("initialize");
                if (!open && exitsWhenProbed) {
                    System.exit(1);
                }
                if (message.has("id") && message.has("method")) {
                    System.out.println("{\"jsonrpc\":\"2.0\",\"id\":" + message.path("id") + ","
                            + (method.equals("initialize")
                                    ? "\"result\":{\"protocolVersion\":\"2024-11-05\",\"capabilities\":{}}"
                                    : open
                                            ? "\"result\":{\"content\":[]}"
                                            : "\"error\":{\"code\":-32602,\"message\":\"Invalid request parameters\"}")
                            + "}");
                }
            }
        }
    }

    private static void silent() throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                JsonNode message = Json.parse(line);
                if (message.path("method").asString("").equals("initialize")) {
                    System.out.println("{\"jsonrpc\":\"2.0\",\"id\":" + message.path("id")
                            + ",\"result\":{\"protocolVersion\":\"2025-03-26\",\"capabilities\":{}}}");
                }
            }
        }
    }

    /** Answers, and then neither minds the end of its input nor SIGTERM. */
    private static void stubborn() throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Thread.sleep(Duration.ofMinutes(5));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        modern();
        Thread.sleep(Duration.ofMinutes(5));
    }
}
