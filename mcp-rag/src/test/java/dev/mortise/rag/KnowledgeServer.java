package dev.mortise.rag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import dev.mortise.servlet.McpServlet;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A knowledge base behind a server over HTTP, which takes the tenant from a header; and what its clients say. */
final class KnowledgeServer implements AutoCloseable {
    static final String LEAVE =
            "# Leave\n\nEvery employee has thirty days of annual leave. " + "Ask your manager two weeks before.\n";

    final KnowledgeBase base =
            KnowledgeBase.over(LuceneChunkStore.inMemory(null)).name("test").build();
    private final Server jetty = new Server(new QueuedThreadPool(16));
    private @Nullable McpServer server;
    private @Nullable URI uri;

    void serve(Knowledge knowledge) throws Exception {
        serve(knowledge, Wording.english());
    }

    void serve(Knowledge knowledge, Wording wording) throws Exception {
        server = McpServer.builder("knowledge", "1")
                .authenticator(origin -> Authenticator.admit(
                        origin instanceof HttpHead head
                                ? head.header("X-Tenant")
                                        .map(tenant -> Caller.of("someone").withTenant(tenant))
                                        .orElse(Caller.anonymous())
                                : Caller.local()))
                .plugin(Tasks.create())
                .plugin(knowledge)
                .wording(wording)
                .build();
        ServerConnector connector = new ServerConnector(jetty, 1, 1);
        connector.setHost("127.0.0.1");
        connector.open();
        jetty.addConnector(connector);
        uri = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/mcp");
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer(
                (classes, container) -> McpServlet.mount(container, server(), HttpOptions.defaults(), "/mcp"));
        jetty.setHandler(context);
        jetty.start();
    }

    McpServer server() {
        return Objects.requireNonNull(server);
    }

    URI uri() {
        return Objects.requireNonNull(uri);
    }

    @Override
    public void close() throws Exception {
        if (server != null) {
            server.close();
        }
        jetty.stop();
        base.close();
    }

    McpClient client(String tenant) {
        return McpClient.http(uri()).header("X-Tenant", tenant).connect();
    }

    static JsonNode call(McpClient client, String tool, Map<String, ?> arguments) {
        CallToolResult result = client.callTool(tool, arguments);
        assertThat(result.isError()).as(result.toString()).isFalse();
        JsonNode structured = result.structuredContent();
        assertThat(structured).isNotNull();
        return structured;
    }

    static String failure(McpClient client, String tool, Map<String, ?> arguments) {
        CallToolResult result = client.callTool(tool, arguments);
        assertThat(result.isError()).as(result.toString()).isTrue();
        return ((TextContent) result.content().get(0)).text();
    }

    static JsonNode ingest(McpClient client, String document, String text) {
        return call(client, "ingest_document", Map.of("document", document, "text", text));
    }
}
