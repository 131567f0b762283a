package dev.mortise.mcp.store.redis;

import dev.mortise.mcp.internal.store.PlainText;
import dev.mortise.mcp.store.SessionStore;
import dev.mortise.mcp.store.StoreKey;
import dev.mortise.mcp.store.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Legacy sessions. {@code sessions.lua} describes the keys; in a cluster they share one slot. */
final class RedisSessionStore implements SessionStore {
    private static final Script CREATE = script("session-create.lua");
    private static final Script FIND = script("session-find.lua");
    private static final Script REPLACE = script("session-replace.lua");
    private static final Script TOUCH = script("session-touch.lua");
    private static final Script DELETE = script("session-delete.lua");
    private static final Script SWEEP = script("session-sweep.lua");
    private static final int PROBATION_SHARE = 10;
    private static final int SWEPT_AT_ONCE = 500;

    private final Redis redis;
    private final byte[] tag;
    private final int maxSessions;
    private final int maxPerGroup;

    /** @param tag in braces, so that all keys share a slot */
    RedisSessionStore(Redis redis, byte[] tag, int maxSessions, int maxPerGroup) {
        this.redis = redis;
        this.tag = tag;
        this.maxSessions = maxSessions;
        this.maxPerGroup = maxPerGroup;
    }

    private static Script script(String file) {
        return Script.beside(RedisSessionStore.class, "sessions.lua", file);
    }

    @Override
    public boolean create(StoredSession session) {
        int room = Math.max(1, maxSessions / PROBATION_SHARE);
        List<byte[]> arguments = new ArrayList<>(Text.all(
                StoreKey.of(session.id()),
                StoreKey.of(session.group()),
                Long.toString(session.expires().toEpochMilli()),
                Integer.toString(room),
                Integer.toString(Math.max(1, room / PROBATION_SHARE)),
                PlainText.encode(session.owner()),
                PlainText.encode(session.group()),
                Long.toString(session.revision())));
        arguments.add(session.content());
        return word(CREATE, arguments).equals("created");
    }

    @Override
    public Optional<StoredSession> find(String id) {
        List<byte[]> fields = redis.eval(FIND, List.of(tag), Text.all(StoreKey.of(id)));
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new StoredSession(
                id,
                PlainText.decode(Text.of(fields.get(0))),
                PlainText.decode(Text.of(fields.get(1))),
                Text.number(fields.get(2)),
                fields.get(3),
                Instant.ofEpochMilli(Text.number(fields.get(4)))));
    }

    @Override
    public boolean replace(StoredSession next) {
        List<byte[]> arguments = new ArrayList<>(
                Text.all(StoreKey.of(next.id()), Long.toString(next.revision() - 1), Long.toString(next.revision())));
        arguments.add(next.content());
        return word(REPLACE, arguments).equals("replaced");
    }

    @Override
    public boolean touch(String id, Instant expires) {
        List<byte[]> arguments = Text.all(
                StoreKey.of(id),
                Long.toString(expires.toEpochMilli()),
                Integer.toString(maxSessions),
                Integer.toString(maxPerGroup));
        return word(TOUCH, arguments).equals("used");
    }

    @Override
    public void delete(String id) {
        redis.eval(DELETE, List.of(tag), Text.all(StoreKey.of(id)));
    }

    @Override
    public void sweep(Instant now) {
        List<byte[]> limit = Text.all(Integer.toString(SWEPT_AT_ONCE));
        String swept;
        do {
            swept = word(SWEEP, limit);
        } while (swept.equals(Integer.toString(SWEPT_AT_ONCE)));
    }

    private String word(Script script, List<byte[]> arguments) {
        return Text.of(redis.eval(script, List.of(tag), arguments).getFirst());
    }
}
