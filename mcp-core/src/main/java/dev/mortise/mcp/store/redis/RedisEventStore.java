package dev.mortise.mcp.store.redis;

import dev.mortise.mcp.store.EventStore;
import dev.mortise.mcp.store.StoreKey;
import dev.mortise.mcp.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What was told to legacy sessions: for each a stream, {@code {PREFIX:events:SESSION}}, and beside it a hash with the
 * last position and the size. Both go by themselves when their last event expires.
 */
final class RedisEventStore implements EventStore {
    private static final Script APPEND = Script.beside(RedisEventStore.class, "event-append.lua");
    private static final Script READ = Script.beside(RedisEventStore.class, "event-read.lua");
    private static final Script DELETE = Script.beside(RedisEventStore.class, "event-delete.lua");

    private final Redis redis;
    private final String prefix;
    private final int maxEvents;
    private final long maxBytes;

    RedisEventStore(Redis redis, String prefix, int maxEvents, long maxBytes) {
        this.redis = redis;
        this.prefix = prefix;
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
    }

    @Override
    public long append(String session, String stream, byte[] content, Instant expires) {
        List<byte[]> arguments = List.of(
                Text.bytes(StoreKey.of(stream)),
                content,
                Text.bytes(Long.toString(expires.toEpochMilli())),
                Text.bytes(Integer.toString(maxEvents)),
                Text.bytes(Long.toString(maxBytes)));
        return Text.number(redis.eval(APPEND, keys(session), arguments).getFirst());
    }

    @Override
    public List<StoredEvent> read(String session, String stream, long after, int limit) {
        if (after == Long.MAX_VALUE) {
            return List.of();
        }
        long first = Math.max(after, 0) + 1;
        List<byte[]> reply = redis.eval(
                READ,
                keys(session).subList(0, 1),
                Text.all(StoreKey.of(stream), Long.toString(first), Integer.toString(limit)));
        List<StoredEvent> events = new ArrayList<>(reply.size() / 2);
        for (int i = 0; i < reply.size(); i += 2) {
            events.add(new StoredEvent(Text.number(reply.get(i)), reply.get(i + 1)));
        }
        return events;
    }

    @Override
    public void delete(String session) {
        redis.eval(DELETE, keys(session), List.of());
    }

    /** Redis does so by itself. */
    @Override
    public void sweep(Instant now) {}

    private List<byte[]> keys(String session) {
        String stream = "{" + prefix + ":" + StoreKey.of(session) + "}";
        return Text.all(stream, stream + ":head");
    }
}
