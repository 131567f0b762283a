package dev.mortise.servlet;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.HttpSse;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint for clients that know no transport but HTTP with SSE (revision 2024-11-05), beside an
 * {@link McpServlet} that serves all others. All rules are those of {@link HttpSse}.
 */
public final class HttpSseServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient HttpSse http;

    public HttpSseServlet(HttpSse http) {
        this.http = http;
    }

    /** As {@link #mount(ServletContext, HttpSse, String)}, for a server. */
    public static void mount(ServletContext context, McpServer server, HttpOptions options, String path) {
        mount(context, HttpSse.of(server::handle, options), path);
    }

    /**
     * Registers the endpoint with an application that is starting, as {@link McpServlet#mount} does.
     *
     * @param path where clients open their stream, such as {@code /sse}; their messages go below it
     * @throws IllegalStateException if the application has started, or another servlet has the path
     */
    public static void mount(ServletContext context, HttpSse http, String path) {
        McpServlet.register(context, new HttpSseServlet(http), path, path + "/*");
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        String connection = connection(request.getPathInfo());
        ServletExchange.run(request, response, (in, out) -> http.serve(in, out, connection));
    }

    /** What follows the servlet's path and a slash. */
    private static @Nullable String connection(@Nullable String pathInfo) {
        return pathInfo == null || pathInfo.length() < 2 ? null : pathInfo.substring(1);
    }

    @Override
    public void destroy() {
        http.close();
    }
}
