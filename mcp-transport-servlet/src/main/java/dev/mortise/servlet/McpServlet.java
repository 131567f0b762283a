package dev.mortise.servlet;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.StreamableHttp;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;

/**
 * The MCP endpoint as a servlet. All rules are those of {@link StreamableHttp}; the servlet only adapts. Requests run
 * on virtual threads, whatever threads the container has: on its own if they are virtual, otherwise asynchronously,
 * which the servlet and every filter before it must support. Destroying the servlet closes the binding.
 */
public final class McpServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient StreamableHttp http;

    public McpServlet(StreamableHttp http) {
        this.http = http;
    }

    /** As {@link #mount(ServletContext, StreamableHttp, String)}, with the default options: for this machine only. */
    public static void mount(ServletContext context, McpServer server, String path) {
        mount(context, server, HttpOptions.defaults(), path);
    }

    /**
     * Mounts a server with its routes. The server stays its owner's: closing it before the container stops lets
     * running calls finish and ends streams gracefully.
     */
    public static void mount(ServletContext context, McpServer server, HttpOptions options, String path) {
        mount(context, StreamableHttp.of(server::handle, options, server.routes()), path);
    }

    /**
     * Registers the endpoint and its routes with an application that is starting: from a
     * {@code ServletContainerInitializer} or a {@code ServletContextListener}.
     *
     * @param path the endpoint's path below the context of the application, such as {@code /mcp}
     * @throws IllegalStateException if the application has started, or another servlet has one of the paths
     */
    public static void mount(ServletContext context, StreamableHttp http, String path) {
        register(context, new McpServlet(http), path);
        for (String routePath : http.routePaths()) {
            register(context, new RouteServlet(http, routePath), routePath);
        }
    }

    static void register(ServletContext context, HttpServlet servlet, String... paths) {
        ServletRegistration.Dynamic registration = context.addServlet("mortise " + paths[0], servlet);
        if (registration == null) {
            throw new IllegalStateException(paths[0] + " is mounted already");
        }
        Set<String> conflicts = registration.addMapping(paths);
        if (!conflicts.isEmpty()) {
            throw new IllegalStateException("Another servlet has the path " + String.join(", ", conflicts));
        }
        registration.setAsyncSupported(true);
        registration.setLoadOnStartup(1);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        ServletExchange.run(request, response, http::serve);
    }

    @Override
    public void destroy() {
        http.close();
    }
}
