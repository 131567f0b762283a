package dev.mortise.benchmarks;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.server.Tool;
import dev.mortise.servlet.McpServlet;
import jakarta.servlet.ServletContext;
import java.time.Duration;
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
            McpServer server = Workload.builder().build();
            server.tools().add(changeTool(server));
            HttpOptions options = HttpOptions.builder().heartbeat(HEARTBEAT).build();
            McpServlet.mount(context, server, options, PATH);
            return server::listenStreams;
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

    /** Three times as often as by default: listeners who have gone are sooner found out. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

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

    /** A tool that adds and removes another one by turns. */
    static Tool changeTool(McpServer server) {
        return Tool.named(Workload.CHANGE_TOOL)
                .description("Changes the list of tools")
                .inputSchema(JsonSchema.parse("{\"type\":\"object\"}"))
                .handle((in, call) -> change(server));
    }

    private static String change(McpServer server) {
        if (!server.tools().remove("passing")) {
            server.tools()
                    .put(Tool.named("passing").description("Comes and goes").handle((in, call) -> "here"));
        }
        return Workload.CHANGED;
    }
}
