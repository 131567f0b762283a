package dev.mortise.examples.production.console;

import dev.mortise.mcp.transport.HttpHead;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A request of the page as a client with the administrator's key would have sent it: with the key, without cookies. */
record KeyHead(HttpHead received, String key) implements HttpHead {
    @Override
    public String method() {
        return received.method();
    }

    @Override
    public Optional<String> query() {
        return received.query();
    }

    @Override
    public URI uri() {
        return received.uri();
    }

    @Override
    public List<String> headers(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "authorization" -> List.of("Bearer " + key);
            case "cookie" -> List.of();
            default -> received.headers(name);
        };
    }

    @Override
    public String remoteAddress() {
        return received.remoteAddress();
    }

    @Override
    public String toString() {
        return method() + " " + uri();
    }
}
