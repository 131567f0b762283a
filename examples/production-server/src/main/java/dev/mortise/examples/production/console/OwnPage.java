package dev.mortise.examples.production.console;

import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.transport.HttpHead;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a request was made by the console's own page. The cookie alone does not say so: to browsers, pages at other
 * ports and subdomains are of the same site.
 */
final class OwnPage {
    private OwnPage() {}

    /** Why it was not; empty if it was. */
    static Optional<String> objection(HttpRoute.Request request) {
        HttpHead head = request.head();
        if (!isOwn(head)) {
            return Optional.of("This is for the console's own page");
        }
        // A form of another page can send everything but this.
        boolean json = head.headers("Content-Type").stream()
                .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .toList()
                .equals(List.of("application/json"));
        return head.method().equals("POST") && !json
                ? Optional.of("What is sent must be application/json")
                : Optional.empty();
    }

    /** Whether a form was sent by a page of this server. Browsers that can send one say from where. */
    static boolean isOwnForm(HttpHead head) {
        boolean told = !head.headers("Sec-Fetch-Site").isEmpty()
                || !head.headers("Origin").isEmpty();
        boolean form = head.headers("Content-Type").stream()
                .allMatch(type -> type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded"));
        return told && form && isOwn(head);
    }

    private static boolean isOwn(HttpHead head) {
        List<String> sites = head.headers("Sec-Fetch-Site");
        if (!sites.isEmpty()) {
            // The browser has compared, which knows the address better than anybody behind a proxy.
            return sites.equals(List.of("same-origin"));
        }
        List<String> hosts = new ArrayList<>(head.headers("Host"));
        hosts.add(String.valueOf(head.uri().getRawAuthority()));
        return head.headers("Origin").stream().allMatch(origin -> hosts.stream().anyMatch(host -> isOf(origin, host)));
    }

    private static boolean isOf(String origin, String host) {
        try {
            return host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
