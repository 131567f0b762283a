package dev.mortise.mcp.store.redis;

import dev.mortise.mcp.internal.store.EventWire;
import dev.mortise.mcp.internal.store.SharedEvents;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.server.ServerEvents;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events over one channel, each a message such as {@code {"from":"…","kind":"resource","key":"…"}}. Redis keeps
 * nothing for those that are not there: after an interruption everybody is told that something may have been missed.
 */
final class RedisServerEvents implements ServerEvents, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisServerEvents.class);

    private final SharedEvents events;
    private final Redis.Subscription subscription;

    RedisServerEvents(Redis redis, byte[] channel) {
        this.events = new SharedEvents((from, event) -> redis.publish(channel, encode(from, event)));
        this.subscription = redis.subscribe(channel, new Redis.Subscriber() {
            @Override
            public void subscribed() {
                // Also at the first time: a listener may have begun before the subscription did.
                events.missed();
            }

            @Override
            public void message(byte[] message) {
                receive(message);
            }
        });
    }

    private static byte[] encode(String from, EventWire event) {
        ObjectNode message = Json.object().put("from", from).put("kind", event.kind());
        if (event.topic() != null) {
            message.put("topic", event.topic());
        }
        if (event.key() != null) {
            message.put("key", event.key());
        }
        return Json.write(message);
    }

    private void receive(byte[] message) {
        try {
            JsonNode fields = Json.read(message);
            events.received(
                    fields.path("from").stringValue(""),
                    new EventWire(
                            fields.path("kind").stringValue(""),
                            fields.path("topic").stringValue(null),
                            fields.path("key").stringValue(null)));
        } catch (Json.InvalidJson e) {
            LOG.warn("Something else than events is published where events are: {}", e.reason());
        }
    }

    @Override
    public void publish(ServerEvent event) {
        events.publish(event);
    }

    @Override
    public Subscription subscribe(Consumer<ServerEvent> subscriber) {
        return events.subscribe(subscriber);
    }

    @Override
    public void close() {
        events.close();
        subscription.close();
    }
}
