package dev.mortise.examples.production.console;

import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the page is told. */
final class Answers {
    private Answers() {}

    static HttpRoute.Response ok(Object value) {
        return json(200, Json.write(value), Map.of());
    }

    static HttpRoute.Response error(int status, String text) {
        return error(status, text, Map.of());
    }

    static HttpRoute.Response error(int status, String text, Map<String, String> headers) {
        return json(status, Json.write(Json.object().put("error", text)), headers);
    }

    private static HttpRoute.Response json(int status, byte[] body, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Cache-Control", "no-store");
        all.put("Cross-Origin-Resource-Policy", "same-origin");
        return new HttpRoute.Response(status, "application/json", body, all);
    }

    static HttpRoute.Response with(HttpRoute.Response response, String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(response.headers());
        all.put(header, value);
        return new HttpRoute.Response(response.status(), response.contentType(), response.body(), all);
    }
}
