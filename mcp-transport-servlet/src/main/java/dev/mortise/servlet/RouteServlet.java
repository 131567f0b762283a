package dev.mortise.servlet;

import dev.mortise.mcp.http.StreamableHttp;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** The routes of one path beside the endpoint. */
final class RouteServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient StreamableHttp http;
    private final String path;

    RouteServlet(StreamableHttp http, String path) {
        this.http = http;
        this.path = path;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        ServletExchange.run(request, response, (in, out) -> http.serveRoute(path, in, out));
    }
}
