package dev.mortise.benchmarks;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.transport.HttpServletStatelessServerTransport;
import io.modelcontextprotocol.spec.McpSchema;
import jakarta.servlet.http.HttpServlet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The same tool in the official Java SDK. */
final class SdkServer {
    private SdkServer() {}

    static HttpServlet servlet(String path) {
        HttpServletStatelessServerTransport transport = HttpServletStatelessServerTransport.builder()
                .messageEndpoint(path)
                .build();
        McpSchema.Tool tool = McpSchema.Tool.builder(Workload.TOOL, schema())
                .description("Quotes a price")
                .build();
        var unused = McpServer.sync(transport)
                .serverInfo(Workload.SERVER, Workload.VERSION)
                .capabilities(McpSchema.ServerCapabilities.builder().tools(true).build())
                // As Jetty gives it a virtual thread already, another one would only cost.
                .immediateExecution(true)
                .toolCall(tool, (context, request) -> quote(request.arguments()))
                .build();
        return transport;
    }

    private static McpSchema.CallToolResult quote(Map<String, Object> arguments) {
        String text = Workload.text(
                given(arguments, "product", String.class),
                given(arguments, "quantity", Number.class).intValue(),
                given(arguments, "cents", Number.class).longValue());
        return McpSchema.CallToolResult.builder().addTextContent(text).build();
    }

    private static <T> T given(Map<String, Object> arguments, String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(arguments.get(name)));
    }

    private static Map<String, Object> schema() {
        return Map.of(
                "type",
                "object",
                "properties",
                Map.of(
                        "product", Map.of("type", "string"),
                        "quantity", Map.of("type", "integer"),
                        "cents", Map.of("type", "integer")),
                "required",
                List.of("product", "quantity", "cents"));
    }
}
