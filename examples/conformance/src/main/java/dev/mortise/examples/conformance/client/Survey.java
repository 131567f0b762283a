package dev.mortise.examples.conformance.client;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpClientBuilder;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.ServerCommand;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.CreateMessageResult;
import dev.mortise.mcp.schema.ElicitResult;
import dev.mortise.mcp.schema.Root;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.schema.ToolDefinition;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Looks at a server that others wrote, and prints what it found as one line of JSON, for a script to judge:
 * {@code Survey http URL CALL…}, {@code Survey sse URL CALL…}, {@code Survey stdio PROGRAM ARGUMENT… -- CALL…}. A call is
 * the name of a tool, and after a {@code =} its arguments as JSON.
 */
public final class Survey {
    private final AtomicInteger questions = new AtomicInteger();

    private Survey() {}

    public static void main(String[] args) {
        int end = Arrays.asList(args).indexOf("--");
        int calls = args[0].equals("stdio") ? end + 1 : 2;
        McpClientBuilder server = switch (args[0]) {
            case "http" -> McpClient.http(URI.create(args[1]));
            case "sse" -> McpClient.httpSse(URI.create(args[1]));
            default ->
                McpClient.to(ServerCommand.of(Arrays.copyOfRange(args, 1, end)).onStderr(line -> {}));
        };
        System.out.println(new Survey().of(server, Arrays.copyOfRange(args, calls, args.length)));
        System.exit(0);
    }

    private ObjectNode of(McpClientBuilder server, String[] calls) {
        ObjectNode found = Json.object();
        server.onElicitation(form -> {
                    questions.incrementAndGet();
                    return ElicitResult.accept(Json.object().put("name", "Ann"));
                })
                .onSampling(request -> {
                    questions.incrementAndGet();
                    return CreateMessageResult.of("survey-model", TextContent.of("sampled"));
                })
                .roots(Root.of("file:///tmp"));
        try (McpClient client = server.connect()) {
            found.put("version", client.server().version().wire());
            found.put("server", client.server().name());
            found.put("tools", client.tools().map(ToolDefinition::name).collect(Collectors.joining(" ")));
            found.put("resources", client.server().capabilities().resources() == null ? 0 : read(client));
            found.put(
                    "prompts",
                    client.server().capabilities().prompts() == null
                            ? 0
                            : client.prompts().count());
            client.ping();
            ObjectNode results = found.putObject("results");
            for (String call : calls) {
                String tool = call.replaceFirst("=.*", "");
                String arguments = call.contains("=") ? call.substring(call.indexOf('=') + 1) : "{}";
                results.put(tool, call(client, tool, arguments));
            }
        }
        return found.put("questions", questions.get());
    }

    private static long read(McpClient client) {
        return client.resources()
                .limit(3)
                .peek(resource -> client.readResource(resource.uri()))
                .count();
    }

    private static String call(McpClient client, String tool, String arguments) {
        AtomicInteger progress = new AtomicInteger();
        try {
            CallToolResult result = client.callTool(
                    tool, Json.parse(arguments), CallOptions.DEFAULT.onProgress(step -> progress.incrementAndGet()));
            String text = result.content().stream()
                    .flatMap(block -> block instanceof TextContent some ? Stream.of(some.text()) : Stream.empty())
                    .collect(Collectors.joining(" "));
            return (result.isError() ? "error: " : "") + text + (progress.get() > 0 ? " +" + progress : "");
        } catch (McpException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }
}
