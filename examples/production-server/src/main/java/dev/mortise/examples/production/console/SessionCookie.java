package dev.mortise.examples.production.console;

import dev.mortise.mcp.transport.HttpHead;
import java.time.Duration;
import java.util.Optional;

/**
 * The cookie of a page. Scripts cannot read it, what pages of other sites send comes without it, and over TLS its name keeps other hosts of the domain from setting it (RFC 6265bis, section 4.1.3).
 */
final class SessionCookie {
    private final String name;
    private final String attributes;

    private SessionCookie(String page, boolean secure, String sameSite) {
        name = (secure ? "__Host-mortise-" : "mortise-") + page;
        attributes = (secure ? "; Path=/; Secure" : "; Path=/" + page) + "; HttpOnly; SameSite=" + sameSite;
    }

    /** @param secure whether browsers reach the server over TLS */
    static SessionCookie ofConsole(boolean secure) {
        return new SessionCookie("console", secure, "Strict");
    }

    /**
     * Browsers send it also when somebody comes from a link, as from a chat or a payment page: what a link opens there
     * changes nothing.
     */
    static SessionCookie ofAccount(boolean secure) {
        return new SessionCookie("account", secure, "Lax");
    }

    /** What the browser sent; empty if that is nothing, or more than one. */
    Optional<String> read(HttpHead head) {
        Optional<String> found = Optional.empty();
        for (String line : head.headers("Cookie")) {
            for (String pair : line.split(";", 100)) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                    if (found.isPresent()) {
                        return Optional.empty();
                    }
                    found = Optional.of(pair.substring(equals + 1).strip());
                }
            }
        }
        return found;
    }

    String set(String value, Duration lasting) {
        return name + "=" + value + attributes + "; Max-Age=" + Math.max(0, lasting.toSeconds());
    }

    String clear() {
        return set("", Duration.ZERO);
    }
}
