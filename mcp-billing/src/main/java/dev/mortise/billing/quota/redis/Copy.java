package dev.mortise.billing.quota.redis;

import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.ledger.Window;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.json.Json.InvalidJson;
import dev.mortise.mcp.store.StoreKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event on its way to SQL, as Redis keeps it.
 *
 * @param windows in which it was counted
 */
record Copy(Post.Use use, List<Window> windows) {
    Copy {
        windows = List.copyOf(windows);
    }

    /** What tells it from all others. */
    String key() {
        UsageEvent event = use.event();
        return StoreKey.of(event.tenant().length() + ":" + event.tenant()
                + event.source().length() + ":" + event.source() + event.id());
    }

    /** The same for what is the same event to the ledger. */
    String digest() {
        UsageEvent event = use.event();
        return StoreKey.of(event.meter()
                + '/'
                + event.quantity()
                + '/'
                + event.at().toEpochMilli()
                + '/'
                + event.item().length()
                + '/'
                + event.item()
                + event.actor());
    }

    byte[] bytes() {
        UsageEvent event = use.event();
        ObjectNode node = Json.object();
        node.put("tenant", event.tenant())
                .put("meter", event.meter())
                .put("source", event.source())
                .put("id", event.id())
                .put("quantity", event.quantity())
                .put("at", event.at().toEpochMilli())
                .put("item", event.item())
                .put("actor", event.actor())
                .put("recordedAt", use.recordedAt().toEpochMilli());
        ArrayNode spans = node.putArray("windows");
        windows.forEach(window -> spans.addArray().add(window.startsAt()).add(window.endsAt()));
        return Json.write(node);
    }

    /** Empty if it cannot be read: somebody else has written it. */
    static Optional<Copy> read(byte[] bytes) {
        try {
            JsonNode node = Json.read(bytes);
            UsageEvent event = new UsageEvent(
                    node.path("tenant").asString(),
                    node.path("meter").asString(),
                    node.path("source").asString(),
                    node.path("id").asString(),
                    node.path("quantity").asLong(),
                    Instant.ofEpochMilli(node.path("at").asLong()),
                    node.path("item").asString(),
                    node.path("actor").asString());
            List<Window> windows = new ArrayList<>();
            for (JsonNode span : node.path("windows")) {
                windows.add(new Window(
                        event.tenant(),
                        event.meter(),
                        span.path(0).asLong(),
                        span.path(1).asLong()));
            }
            Instant recordedAt = Instant.ofEpochMilli(node.path("recordedAt").asLong());
            return Optional.of(new Copy(new Post.Use(event, recordedAt), windows));
        } catch (InvalidJson | RuntimeException e) {
            return Optional.empty();
        }
    }
}
