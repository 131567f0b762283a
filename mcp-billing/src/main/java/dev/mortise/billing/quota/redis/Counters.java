package dev.mortise.billing.quota.redis;

import dev.mortise.billing.ledger.LedgerStore.Leased;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Window;
import dev.mortise.mcp.store.StoreKey;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.redis.Redis;
import dev.mortise.mcp.store.redis.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The scripts. All keys of a tenant share one of sixteen hash tags, so that a script stays in one slot of a cluster, and
 * the tenants of a cluster do not. Thread-safe; every method throws {@link StoreUnavailable}.
 */
final class Counters {
    static final int SHARDS = 16;

    /** Lua counts in doubles. */
    private static final long MOST = 1L << 52;

    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final Duration KEPT = Duration.ofDays(400);
    private static final long AFTER = Duration.ofDays(1).toMillis();

    private static final Script LEASE = script("lease");
    private static final Script INIT = script("init");
    private static final Script LOOK = script("look");
    private static final Script REFRESH = script("refresh");
    private static final Script TAKE = script("take");
    private static final Script WRITTEN = script("written");
    private static final Script TOUCH = script("touch");
    private static final Script LEAVE = script("leave");
    private static final Script DEAD = script("dead");
    private static final Script COPIES = script("copies");

    private final Redis redis;
    private final String prefix;

    Counters(Redis redis, String prefix) {
        this.redis = redis;
        this.prefix = prefix;
    }

    private static Script script(String name) {
        return Script.beside(Counters.class, "lua/counters.lua", "lua/" + name + ".lua");
    }

    static int shard(String tenant) {
        return Math.floorMod(tenant.hashCode(), SHARDS);
    }

    private byte[] key(int shard, String rest) {
        return bytes("{" + prefix + ":usage:" + shard + "}:" + rest);
    }

    private byte[] replicas(int shard) {
        return key(shard, "replicas");
    }

    private byte[] copies(int shard, String replica) {
        return key(shard, "copies:" + replica);
    }

    private byte[] window(Window window) {
        return key(
                shard(window.tenant()),
                "window:"
                        + StoreKey.of(window.tenant().length() + ":" + window.tenant() + window.meter() + "/"
                                + window.startsAt() + "/" + window.endsAt()));
    }

    /** What came of asking for units. */
    sealed interface Asked {
        record Answer(Leased leased) implements Asked {}

        /** The window has to be made known first. */
        record Unknown() implements Asked {}

        /** The replica was not heard of in time. */
        record Lost() implements Asked {}
    }

    Asked lease(String replica, Duration ttl, Window window, long limit, long need, long want) {
        List<byte[]> reply = redis.eval(
                LEASE,
                List.of(replicas(shard(window.tenant())), window(window)),
                all(replica, ttl.toMillis(), Math.min(limit, MOST), need, want));
        return switch (text(reply.getFirst())) {
            case "unknown" -> new Asked.Unknown();
            case "lost" -> new Asked.Lost();
            case "exhausted" ->
                new Asked.Answer(new Leased.Exhausted(new WindowState(window, number(reply, 1), number(reply, 2))));
            case "granted" ->
                new Asked.Answer(new Leased.Granted(
                        number(reply, 1), new WindowState(window, number(reply, 2), number(reply, 3))));
            default -> throw new StoreUnavailable("The script for leases replied with something else");
        };
    }

    void init(Window window, long used, long nowMillis) {
        long forget = nowMillis + KEPT.toMillis();
        if (window.endsAt() < forget - AFTER) {
            forget = Math.max(nowMillis, window.endsAt()) + AFTER;
        }
        redis.eval(INIT, List.of(window(window)), all(used, forget));
    }

    /** @param base what SQL had said */
    record Stands(long base, WindowState state) {}

    Optional<Stands> look(Window window) {
        List<byte[]> reply = redis.eval(LOOK, List.of(replicas(shard(window.tenant())), window(window)), List.of());
        return reply.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Stands(number(reply, 0), new WindowState(window, number(reply, 1), number(reply, 2))));
    }

    void refresh(Window window, long seen, long used) {
        redis.eval(REFRESH, List.of(window(window)), all(seen, used));
    }

    /** What came of each event. */
    enum Seen {
        NEW,
        REPEATED,
        CONFLICT
    }

    record Taken(List<Seen> seen, List<WindowState> windows) {}

    /** @param spent of what the replica holds; all of it and of the copies is of one shard */
    Taken take(int shard, String replica, Duration ttl, List<Copy> copies, Map<Window, Long> spent, long nowMillis) {
        Map<Window, Integer> places = new LinkedHashMap<>();
        spent.keySet().forEach(window -> place(places, window));
        copies.forEach(copy -> copy.windows().forEach(window -> place(places, window)));
        long slot = nowMillis / REMEMBERED.toMillis();
        List<byte[]> keys = new ArrayList<>(List.of(
                replicas(shard), copies(shard, replica), key(shard, "seen:" + slot), key(shard, "seen:" + (slot - 1))));
        List<byte[]> arguments = all(replica, ttl.toMillis(), 2 * REMEMBERED.toMillis(), places.size());
        places.keySet().forEach(window -> {
            keys.add(window(window));
            arguments.add(bytes(Long.toString(spent.getOrDefault(window, 0L))));
        });
        for (Copy copy : copies) {
            arguments.addAll(all(copy.key(), copy.digest()));
            arguments.add(copy.bytes());
            arguments.addAll(all(copy.use().event().quantity()));
            where(arguments, places, copy);
        }
        List<byte[]> reply = redis.eval(TAKE, keys, arguments);
        if (reply.size() != copies.size() + 2 * places.size()) {
            throw new StoreUnavailable("The script for events replied with another number of elements");
        }
        List<Seen> seen = new ArrayList<>(copies.size());
        for (int i = 0; i < copies.size(); i++) {
            seen.add(
                    switch (text(reply.get(i))) {
                        case "n" -> Seen.NEW;
                        case "r" -> Seen.REPEATED;
                        default -> Seen.CONFLICT;
                    });
        }
        List<WindowState> windows = new ArrayList<>();
        int at = copies.size();
        for (Window window : places.keySet()) {
            if (reply.get(at).length > 0) {
                windows.add(new WindowState(window, number(reply, at), number(reply, at + 1)));
            }
            at += 2;
        }
        return new Taken(seen, windows);
    }

    private static void place(Map<Window, Integer> places, Window window) {
        places.putIfAbsent(window, places.size() + 1);
    }

    private static void where(List<byte[]> arguments, Map<Window, Integer> places, Copy copy) {
        arguments.addAll(all(copy.windows().size()));
        copy.windows().forEach(window -> arguments.addAll(all(places.getOrDefault(window, 0))));
    }

    /** @param used what SQL says, where it has said so */
    void written(int shard, String replica, Collection<Copy> copies, Map<Window, Long> used) {
        Map<Window, Integer> places = new LinkedHashMap<>();
        copies.forEach(copy -> copy.windows().forEach(window -> place(places, window)));
        List<byte[]> keys = new ArrayList<>(List.of(copies(shard, replica)));
        List<byte[]> arguments = all(places.size());
        places.keySet().forEach(window -> {
            keys.add(window(window));
            Long known = used.get(window);
            arguments.add(bytes(known == null ? "" : known.toString()));
        });
        for (Copy copy : copies) {
            arguments.addAll(all(copy.key(), copy.use().event().quantity()));
            where(arguments, places, copy);
        }
        redis.eval(WRITTEN, keys, arguments);
    }

    /** @return false if it was not known or not heard of in time */
    boolean touch(int shard, String replica, Duration ttl) {
        return text(redis.eval(TOUCH, List.of(replicas(shard)), all(replica, ttl.toMillis()))
                        .getFirst())
                .equals("kept");
    }

    void leave(int shard, String replica) {
        redis.eval(LEAVE, List.of(replicas(shard)), all(replica));
    }

    List<String> dead(int shard) {
        return redis.eval(DEAD, List.of(replicas(shard)), List.of()).stream()
                .map(Counters::text)
                .toList();
    }

    /** Some of what a dead replica has left behind; none when it is forgotten. */
    List<byte[]> left(int shard, String replica) {
        List<byte[]> reply = redis.eval(COPIES, List.of(replicas(shard), copies(shard, replica)), all(replica));
        List<byte[]> copies = new ArrayList<>();
        for (int i = 1; i < reply.size(); i += 2) {
            copies.add(reply.get(i));
        }
        return copies;
    }

    private static List<byte[]> all(Object... values) {
        List<byte[]> all = new ArrayList<>(values.length);
        for (Object value : values) {
            all.add(bytes(value.toString()));
        }
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static long number(List<byte[]> reply, int at) {
        OptionalLong number =
                at < reply.size() ? OptionalLong.of(Long.parseLong(text(reply.get(at)))) : OptionalLong.empty();
        return number.orElseThrow(() -> new StoreUnavailable("A script replied with too little"));
    }
}
