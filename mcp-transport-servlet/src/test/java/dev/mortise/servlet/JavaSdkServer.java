package dev.mortise.servlet;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import jakarta.servlet.ServletRegistration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import tools.jackson.databind.json.JsonMapper;

/** A server on the official Java SDK: as a servlet, or as a process. */
final class JavaSdkServer implements AutoCloseable {
    private static final Map<String, Object> NO_ARGUMENTS = Map.of("type", "object");
    private static final String PAGE = "visit-1";

    private final McpSyncServer server;
    private final Container container;

    private JavaSdkServer(McpSyncServer server, Container container) {
        this.server = server;
        this.container = container;
    }

    /** Serves standard input and output. */
    public static void main(String[] args) {
        var unused = filled(McpServer.sync(new StdioServerTransportProvider(mapper())));
    }

    /**
     * The SDK's own questions to users cannot be written by the newer Jackson of this build, to which their {@code mode} is
     * there twice.
     */
    private static McpJsonMapper mapper() {
        return new JacksonMcpJsonMapper(JsonMapper.builder()
                .addMixIn(McpSchema.ElicitFormRequest.class, OneMode.class)
                .build());
    }

    private interface OneMode {
        @JsonIgnore
        String mode();
    }

    static JavaSdkServer overHttp() throws Exception {
        var transport = HttpServletStreamableServerTransportProvider.builder()
                .jsonMapper(mapper())
                .mcpEndpoint("/mcp")
                .build();
        McpSyncServer server = filled(McpServer.sync(transport));
        return new JavaSdkServer(server, Container.start(Container.Kind.JETTY, context -> {
            ServletRegistration.Dynamic servlet = context.addServlet("sdk", transport);
            servlet.setAsyncSupported(true);
            servlet.addMapping("/mcp");
        }));
    }

    private static <S extends McpServer.SyncSpecification<S>> McpSyncServer filled(
            McpServer.SyncSpecification<S> specification) {
        Set<String> visited = ConcurrentHashMap.newKeySet();
        McpSyncServer server = specification
                .serverInfo("sdk", "2.1.0")
                .capabilities(McpSchema.ServerCapabilities.builder()
                        .tools(true)
                        .resources(false, true)
                        .prompts(true)
                        .logging()
                        .build())
                .toolCall(adding(), JavaSdkServer::add)
                .toolCall(
                        tool("name"),
                        answered((call, request) -> call.createElicitation(McpSchema.ElicitRequest.builder(
                                                "Who are you?",
                                                Map.of(
                                                        "type",
                                                        "object",
                                                        "properties",
                                                        Map.of("name", Map.of("type", "string"))))
                                        .build())
                                .content()
                                .get("name")))
                .toolCall(
                        tool("model"),
                        answered((call, request) -> call.createMessage(McpSchema.CreateMessageRequest.builder()
                                        .messages(List.of(new McpSchema.SamplingMessage(
                                                McpSchema.Role.USER, new McpSchema.TextContent("Hello?"))))
                                        .maxTokens(10)
                                        .build())
                                .model()))
                .toolCall(
                        tool("roots"),
                        answered((call, request) ->
                                call.listRoots().roots().getFirst().uri()))
                .toolCall(tool("page"), answered((call, request) -> {
                    if (visited.add(call.sessionId())) {
                        throw McpError.builder(-32042)
                                .message("Connect your account first")
                                .data(Map.of(
                                        "elicitations",
                                        List.of(Map.of(
                                                "mode",
                                                "url",
                                                "elicitationId",
                                                PAGE,
                                                "message",
                                                "Connect",
                                                "url",
                                                "https://example.com/connect"))))
                                .build();
                    }
                    return "connected";
                }))
                .resources(new SyncResourceSpecification(
                        McpSchema.Resource.builder()
                                .uri("docs:///a")
                                .name("a")
                                .mimeType("text/plain")
                                .build(),
                        (call, request) -> new McpSchema.ReadResourceResult(
                                List.of(new McpSchema.TextResourceContents(request.uri(), "text/plain", "A")))))
                .prompts(new SyncPromptSpecification(
                        new McpSchema.Prompt("greet", "Greets", List.of()),
                        (call, request) -> new McpSchema.GetPromptResult(
                                "Greets",
                                List.of(new McpSchema.PromptMessage(
                                        McpSchema.Role.USER, new McpSchema.TextContent("Hello"))))))
                .build();
        server.addTool(new SyncToolSpecification(tool("change"), answered((call, request) -> {
            server.notifyToolsListChanged();
            return "changed";
        })));
        return server;
    }

    private static McpSchema.Tool adding() {
        return McpSchema.Tool.builder(
                        "add",
                        Map.of(
                                "type",
                                "object",
                                "properties",
                                Map.of("a", Map.of("type", "integer"), "b", Map.of("type", "integer")),
                                "required",
                                List.of("a", "b")))
                .description("Adds")
                .outputSchema(Map.of(
                        "type",
                        "object",
                        "properties",
                        Map.of("sum", Map.of("type", "integer")),
                        "required",
                        List.of("sum")))
                .build();
    }

    private static McpSchema.CallToolResult add(McpSyncServerExchange call, McpSchema.CallToolRequest request) {
        call.loggingNotification(McpSchema.LoggingMessageNotification.builder()
                .level(McpSchema.LoggingLevel.WARNING)
                .logger("add")
                .data("adding")
                .build());
        if (request.progressToken() != null) {
            call.progressNotification(new McpSchema.ProgressNotification(request.progressToken(), 1, 1.0, "added"));
        }
        int sum = ((Number) request.arguments().get("a")).intValue()
                + ((Number) request.arguments().get("b")).intValue();
        return McpSchema.CallToolResult.builder()
                .addTextContent(String.valueOf(sum))
                .structuredContent(Map.of("sum", sum))
                .build();
    }

    private static McpSchema.Tool tool(String name) {
        return McpSchema.Tool.builder(name, NO_ARGUMENTS).description("Asks").build();
    }

    private static BiFunction<McpSyncServerExchange, McpSchema.CallToolRequest, McpSchema.CallToolResult> answered(
            BiFunction<McpSyncServerExchange, McpSchema.CallToolRequest, Object> work) {
        return (call, request) -> McpSchema.CallToolResult.builder()
                .addTextContent(String.valueOf(work.apply(call, request)))
                .build();
    }

    int port() {
        return container.port();
    }

    @Override
    public void close() throws Exception {
        server.close();
        container.close();
    }
}
