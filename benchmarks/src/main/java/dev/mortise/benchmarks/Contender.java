package dev.mortise.benchmarks;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.server.Tool;
import dev.mortise.servlet.McpServlet;
import jakarta.servlet.ServletContext;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;

/** Who answers the call. All of them at the same path, in the same container, with the same work. */
enum Contender {
    /** A servlet that does by hand what the call needs and nothing else: what no library can be cheaper than. */
    BARE("2026-07-28") {
        @Override
        IntSupplier mount(ServletContext context) {
            context.addServlet("bare", new BareServlet()).addMapping(PATH);
            return () -> 0;
        }
    },

    MORTISE("2026-07-28") {
        @Override
        IntSupplier mount(ServletContext context) {
            CompletableFuture<McpServer> self = new CompletableFuture<>();
            McpServer server = Workload.builder()
                    .tool(Tool.named(Workload.CHANGE_TOOL)
                            .description("Changes the list of tools")
                            .inputSchema(JsonSchema.parse("{\"type\":\"object\"}"))
                            .handle((in, call) -> change(self.join())))
                    .build();
            self.complete(server);
            McpServlet.mount(context, server, PATH);
            return server::listenStreams;
        }

        private String change(McpServer server) {
            if (!server.tools().remove("passing")) {
                server.tools()
                        .put(Tool.named("passing").description("Comes and goes").handle((in, call) -> "here"));
            }
            return Workload.CHANGED;
        }
    },

    /** The official Java SDK, as a stateless server, which is its cheapest form. It knows no newer revision. */
    SDK("2025-11-25") {
        @Override
        IntSupplier mount(ServletContext context) {
            var registration = context.addServlet("sdk", SdkServer.servlet(PATH));
            registration.addMapping(PATH);
            registration.setAsyncSupported(true);
            return () -> 0;
        }
    };

    static final String PATH = "/mcp";

    private final String revision;

    Contender(String revision) {
        this.revision = revision;
    }

    /** The revision of the protocol that its clients name. */
    String revision() {
        return revision;
    }

    /** Adds it to an application that is starting; returns how to count its open listen streams. */
    abstract IntSupplier mount(ServletContext context);
}
