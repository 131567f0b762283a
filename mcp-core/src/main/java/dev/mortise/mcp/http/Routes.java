package dev.mortise.mcp.http;

import dev.mortise.mcp.transport.HttpHead;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes beside the endpoint, by path and method. Thread-safe. */
final class Routes {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRoute.class);

    private final Map<String, Map<String, HttpRoute>> byPath = new HashMap<>();
    private final HttpOptions options;

    Routes(List<HttpRoute> routes, HttpOptions options) {
        this.options = options;
        for (HttpRoute route : routes) {
            Map<String, HttpRoute> methods = byPath.computeIfAbsent(route.path(), path -> new HashMap<>());
            if (methods.putIfAbsent(route.method(), route) != null) {
                throw new IllegalArgumentException("Two routes serve " + route.method() + " " + route.path());
            }
        }
        byPath.values().forEach(Routes::addHead);
    }

    private static void addHead(Map<String, HttpRoute> methods) {
        HttpRoute get = methods.get("GET");
        if (get != null) {
            methods.put("HEAD", get);
        }
    }

    Set<String> paths() {
        return Set.copyOf(byPath.keySet());
    }

    boolean isForAnyHost(String path, String method) {
        HttpRoute route = methods(path).get(method);
        return route != null && route.anyHost();
    }

    String allowedMethods(String path) {
        Set<String> methods = new TreeSet<>(methods(path).keySet());
        methods.add("OPTIONS");
        return String.join(", ", methods);
    }

    void serve(String path, HttpHead head, Body body, HttpWriter writer) throws IOException {
        HttpRoute route = methods(path).get(head.method());
        if (route == null) {
            writer.rejection(StreamableHttp.methodNotAllowed(allowedMethods(path)), body);
            return;
        }
        switch (body.read(options.maxBodyBytes(), options.bodyDeadline())) {
            case Body.Outcome.Unusable unusable -> writer.rejection(unusable.rejection(), body);
            case Body.Outcome.Whole whole -> {
                HttpRoute.Response response = handle(route, new HttpRoute.Request(head, whole.bytes()));
                writer.whole(response.status(), response.headers(), response.contentType(), response.body(), body);
            }
        }
    }

    private static HttpRoute.Response handle(HttpRoute route, HttpRoute.Request request) {
        try {
            return route.handler().handle(request);
        } catch (RuntimeException e) {
            LOG.error("The route {} {} failed", route.method(), route.path(), e);
            return HttpRoute.Response.text(500, "Internal error");
        }
    }

    private Map<String, HttpRoute> methods(String path) {
        return byPath.getOrDefault(path, Map.of());
    }
}
