package dev.mortise.examples.production.console;

import dev.mortise.mcp.http.HttpRoute;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The page itself: its files, and what a browser must not do with them. Nothing of it depends on who asks. */
final class PageFiles {
    /** Nothing from elsewhere, nothing inline, no text that becomes markup, no frame around it. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none';"
                    + " require-trusted-types-for 'script'; trusted-types 'none'";

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            POLICY,
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=()",
            "Cache-Control",
            "no-cache");

    private PageFiles() {}

    static List<HttpRoute> routes(String path) {
        List<HttpRoute> routes = new ArrayList<>();
        byte[] page = bytes("index.html");
        routes.add(HttpRoute.get(path, request -> file("index.html", page)));
        for (String name :
                new String(bytes("files"), StandardCharsets.UTF_8).strip().split("\n", -1)) {
            byte[] content = bytes(name);
            routes.add(HttpRoute.get(path + "/" + name, request -> file(name, content)));
        }
        return routes;
    }

    /** One of the files beside it; with a slash before it, any of this server. */
    static HttpRoute.Handler handler(String name) {
        byte[] content = bytes(name);
        return request -> file(name, content);
    }

    private static HttpRoute.Response file(String name, byte[] content) {
        String type = switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> "application/octet-stream";
        };
        return new HttpRoute.Response(200, type, content, HEADERS);
    }

    private static byte[] bytes(String name) {
        try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The file " + name + " of the console is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
