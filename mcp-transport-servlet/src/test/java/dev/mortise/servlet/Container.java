package dev.mortise.servlet;

import dev.mortise.mcp.http.StreamableHttp;
import java.util.Map;

/** A servlet container on a free port of the loopback interface. */
interface Container extends AutoCloseable {
    /** The containers, with threads of the platform or with virtual ones. */
    enum Kind {
        JETTY,
        JETTY_VIRTUAL,
        TOMCAT,
        TOMCAT_VIRTUAL
    }

    /** Starts one with these bindings mounted at these paths. */
    static Container start(Kind kind, Map<String, StreamableHttp> endpoints) throws Exception {
        return switch (kind) {
            case JETTY, JETTY_VIRTUAL -> new JettyContainer(endpoints, kind == Kind.JETTY_VIRTUAL);
            case TOMCAT, TOMCAT_VIRTUAL -> new TomcatContainer(endpoints, kind == Kind.TOMCAT_VIRTUAL);
        };
    }

    int port();

    @Override
    void close() throws Exception;
}
