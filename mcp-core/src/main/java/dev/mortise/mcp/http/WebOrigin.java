package dev.mortise.mcp.http;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** The origin of a web page, as a browser names it in {@code Origin} (RFC 6454 section 7). */
record WebOrigin(String scheme, Authority authority) {

    /** Reads {@code scheme://host[:port]}; empty for {@code null}, for lists, and for anything with a path. */
    static Optional<WebOrigin> parse(String text) {
        int separator = text.indexOf("://");
        if (separator <= 0) {
            return Optional.empty();
        }
        String scheme = text.substring(0, separator).toLowerCase(Locale.ROOT);
        return Authority.parse(text.substring(separator + 3))
                .map(authority -> new WebOrigin(scheme, withoutOwnPort(scheme, authority)));
    }

    String host() {
        return authority.host();
    }

    boolean isHttp() {
        return scheme.equals("http") || scheme.equals("https");
    }

    private static Authority withoutOwnPort(String scheme, Authority authority) {
        int own = switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> -1;
        };
        return authority.port().orElse(-1) == own ? new Authority(authority.host(), OptionalInt.empty()) : authority;
    }

    @Override
    public String toString() {
        OptionalInt port = authority.port();
        return scheme + "://" + authority.host() + (port.isPresent() ? ":" + port.getAsInt() : "");
    }
}
