package dev.mortise.servlet;

import dev.mortise.mcp.http.StreamableHttp;
import jakarta.servlet.ServletContext;
import java.util.Map;
import java.util.function.Consumer;

/** A servlet container on a free port of the loopback interface. */
public interface Container extends AutoCloseable {
    /** The containers, with threads of the platform or with virtual ones. */
    enum Kind {
        JETTY,
        JETTY_VIRTUAL,
        TOMCAT,
        TOMCAT_VIRTUAL
    }

    /** Starts one with these bindings mounted at these paths. */
    static Container start(Kind kind, Map<String, StreamableHttp> endpoints) throws Exception {
        return start(kind, context -> endpoints.forEach((path, http) -> McpServlet.mount(context, http, path)));
    }

    static Container start(Kind kind, Consumer<ServletContext> mounting) throws Exception {
        return switch (kind) {
            case JETTY, JETTY_VIRTUAL -> new JettyContainer(mounting, kind == Kind.JETTY_VIRTUAL);
            case TOMCAT, TOMCAT_VIRTUAL -> new TomcatContainer(mounting, kind == Kind.TOMCAT_VIRTUAL);
        };
    }

    int port();

    @Override
    void close() throws Exception;
}
