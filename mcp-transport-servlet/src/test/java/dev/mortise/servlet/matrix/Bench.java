package dev.mortise.servlet.matrix;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpClientBuilder;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.client.ServerCommand;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.HttpSse;
import dev.mortise.mcp.http.StreamableHttp;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ContentBlock;
import dev.mortise.mcp.schema.CreateMessageResult;
import dev.mortise.mcp.schema.ElicitAction;
import dev.mortise.mcp.schema.ElicitRequestFormParams;
import dev.mortise.mcp.schema.ElicitResult;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.Root;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.servlet.Container;
import dev.mortise.servlet.HttpSseServlet;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A server and its clients in one setting. */
final class Bench implements AutoCloseable {
    private static final HttpOptions HTTP = HttpOptions.builder()
            .silence(Duration.ofMillis(100))
            .heartbeat(Duration.ofMillis(200))
            .shutdownGrace(Duration.ZERO)
            .build();

    private final Setting setting;
    private final @Nullable McpServer server;
    private final @Nullable Container container;
    private final McpClient client;
    final BlockingQueue<String> logs = new LinkedBlockingQueue<>();

    Bench(Setting setting) throws Exception {
        this.setting = setting;
        McpServer here = setting.transport() == Transport.STDIO ? null : MatrixServer.create();
        this.server = here;
        this.container = here == null
                ? null
                : switch (setting.transport()) {
                    case IN_MEMORY, STDIO -> null;
                    case STREAMABLE_HTTP ->
                        Container.start(Container.Kind.JETTY, Map.of("/mcp", StreamableHttp.of(here::handle, HTTP)));
                    case HTTP_SSE ->
                        Container.start(
                                Container.Kind.JETTY,
                                context -> HttpSseServlet.mount(context, HttpSse.of(here::handle, HTTP), "/mcp"));
                };
        this.client = capable(begin()).connect();
    }

    /** A client that can do everything. */
    McpClient client() {
        return client;
    }

    /** Another client, which declares nothing. */
    McpClient bareClient() {
        return begin().connect();
    }

    private McpClientBuilder begin() {
        McpClientBuilder builder = switch (setting.transport()) {
            case IN_MEMORY -> McpClient.inMemory(present(server));
            case STDIO ->
                McpClient.to(ServerCommand.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MatrixServer.class.getName()));
            case STREAMABLE_HTTP -> McpClient.http(uri());
            case HTTP_SSE -> McpClient.httpSse(uri());
        };
        return builder.versions(setting.version())
                .clientInfo("matrix", "1.0")
                .probeTimeout(Duration.ofSeconds(60))
                .connectTimeout(Duration.ofSeconds(60));
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + present(container).port() + "/mcp");
    }

    private McpClientBuilder capable(McpClientBuilder builder) {
        return builder.onElicitation(Bench::fillIn)
                .onUrlElicitation(page -> ElicitAction.ACCEPT)
                .onSamplingWithTools(request -> CreateMessageResult.of("m-1", TextContent.of("Hi")))
                .roots(Root.of("file:///home"))
                .onLog(LoggingLevel.INFO, message -> logs.add(message.data().stringValue()));
    }

    private static ElicitResult fillIn(ElicitRequestFormParams form) {
        return switch (form.message()) {
            case "Decline this" -> ElicitResult.decline();
            case "Dismiss this" -> ElicitResult.cancel();
            case "May I?" -> ElicitResult.accept(Json.object().put("yes", true));
            case "Which colour?" -> ElicitResult.accept(Json.object().put("colour", "BLUE"));
            case "Which colours?" -> ElicitResult.accept(colours(form));
            default -> ElicitResult.accept(Json.object().put("name", "Zoë"));
        };
    }

    /** As the form has it: a list, or a yes and no for each. */
    private static ObjectNode colours(ElicitRequestFormParams form) {
        ObjectNode filledIn = Json.object();
        for (String field : form.requestedSchema().properties().keySet()) {
            if (field.equals("colours")) {
                filledIn.putArray(field).add("RED").add("BLUE");
            } else {
                filledIn.put(field, true);
            }
        }
        return filledIn;
    }

    /** What a tool says, or in which other way it answers. */
    String call(String tool) {
        return text(client.callTool(tool, Map.of()).content());
    }

    String call(String tool, Map<String, ?> arguments) {
        return text(client.callTool(tool, arguments).content());
    }

    static String text(List<ContentBlock> content) {
        return content.getFirst() instanceof TextContent text
                ? text.text()
                : content.getFirst().type();
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("This setting has none");
        }
        return value;
    }

    @Override
    public void close() throws Exception {
        client.close();
        if (server != null) {
            server.close();
        }
        if (container != null) {
            container.close();
        }
    }
}
