package dev.mortise.mcp.internal.session;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.Implementation;
import dev.mortise.mcp.schema.LoggingLevel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a legacy client has said about itself, once and for all that follows.
 *
 * @param version the negotiated revision, in its wire form
 * @param logLevel the least level of log messages that it wants
 * @param subscriptions the resources whose updates it wants
 * @param pages where users were sent, the latest last; the earliest are forgotten
 */
public record SessionState(
        String version,
        @Nullable Implementation client,
        ClientCapabilities capabilities,
        LoggingLevel logLevel,
        Set<String> subscriptions,
        boolean initialized,
        List<Page> pages) {
    /** How many open pages are remembered: they are stored with their session. */
    private static final int MAX_PAGES = 50;

    /**
     * A page that the user was sent to.
     *
     * @param digest stands for its address
     * @param elicitation the id that the client knows the question by
     */
    public record Page(String digest, String elicitation) {}

    public SessionState {
        subscriptions = Set.copyOf(subscriptions);
        pages = List.copyOf(pages);
    }

    /** What a client is at its beginning. */
    public static SessionState begun(
            String version, @Nullable Implementation client, ClientCapabilities capabilities, LoggingLevel logLevel) {
        return new SessionState(version, client, capabilities, logLevel, Set.of(), false, List.of());
    }

    public SessionState withLogLevel(LoggingLevel level) {
        return new SessionState(version, client, capabilities, level, subscriptions, initialized, pages);
    }

    public SessionState withInitialized() {
        return new SessionState(version, client, capabilities, logLevel, subscriptions, true, pages);
    }

    public SessionState withSubscriptions(Set<String> uris) {
        return new SessionState(version, client, capabilities, logLevel, uris, initialized, pages);
    }

    /** The user is sent to one more page. */
    public SessionState withPage(Page page) {
        List<Page> more = new ArrayList<>(pages);
        more.add(page);
        return withPages(more.subList(Math.max(0, more.size() - MAX_PAGES), more.size()));
    }

    /** The user is done there. */
    public SessionState withoutPage(String digest) {
        return withPages(
                pages.stream().filter(page -> !page.digest().equals(digest)).toList());
    }

    private SessionState withPages(List<Page> some) {
        return new SessionState(version, client, capabilities, logLevel, subscriptions, initialized, some);
    }

    byte[] toBytes() {
        ObjectNode node = Json.object();
        node.put("version", version);
        if (client != null) {
            node.set("client", Json.tree(client));
        }
        node.set("capabilities", Json.tree(capabilities));
        node.put("logLevel", logLevel.name());
        node.put("initialized", initialized);
        if (!subscriptions.isEmpty()) {
            subscriptions.forEach(node.putArray("subscriptions")::add);
        }
        if (!pages.isEmpty()) {
            ArrayNode open = node.putArray("pages");
            pages.forEach(page -> open.addArray().add(page.digest()).add(page.elicitation()));
        }
        return Json.write(node);
    }

    static SessionState of(byte[] bytes) {
        JsonNode node = Json.mapper().readTree(bytes);
        Set<String> uris = new LinkedHashSet<>();
        node.path("subscriptions").forEach(uri -> uris.add(uri.stringValue()));
        List<Page> pages = new ArrayList<>();
        node.path("pages")
                .forEach(page -> pages.add(
                        new Page(page.path(0).stringValue(), page.path(1).stringValue())));
        return new SessionState(
                node.path("version").stringValue(),
                node.has("client") ? Implementation.from(node.path("client")) : null,
                ClientCapabilities.from(node.path("capabilities")),
                LoggingLevel.valueOf(node.path("logLevel").stringValue().toUpperCase(Locale.ROOT)),
                uris,
                node.path("initialized").asBoolean(false),
                pages);
    }
}
