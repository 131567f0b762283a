package dev.mortise.security.limit;

import dev.mortise.mcp.store.StoreKey;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.redis.Redis;
import dev.mortise.mcp.store.redis.Script;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts for all replicas in Redis, 6.2 or later: one round trip for all windows of a call, by the time of the server.
 * Strict: never one too many, however many processes ask. Thread-safe.
 *
 * <p>A key lives until what was taken has come back, so that an idle caller costs nothing. All keys of one store share a
 * slot of a cluster. The server must not evict ({@code maxmemory-policy noeviction}, or one that spares keys in use):
 * what is evicted is forgiven.
 */
public final class RedisRateStore implements RateStore {
    private static final Script GCRA = Script.beside(RedisRateStore.class, "redis/gcra.lua");
    private static final long MICROS = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private final Redis redis;
    private final String tag;

    private RedisRateStore(Redis redis, String tag) {
        this.redis = redis;
        this.tag = tag;
    }

    public static RedisRateStore over(Redis redis) {
        return over(redis, "mortise");
    }

    /** @param prefix of all keys; servers that share a Redis and nothing else have different ones */
    public static RedisRateStore over(Redis redis, String prefix) {
        if (prefix.indexOf('{') >= 0 || prefix.indexOf('}') >= 0) {
            throw new IllegalArgumentException(
                    "A prefix has no braces, which name the slot, but this one is " + prefix);
        }
        return new RedisRateStore(redis, "{" + prefix + ":limit}:");
    }

    @Override
    public Verdict take(List<Charge> charges) {
        List<byte[]> keys = new ArrayList<>(charges.size());
        List<byte[]> arguments = new ArrayList<>(2 * charges.size());
        for (Charge charge : charges) {
            keys.add(bytes(tag + charge.window() + ":" + StoreKey.of(charge.key())));
            arguments.add(bytes(Long.toString(most(charge))));
            arguments.add(bytes(Long.toString(cost(charge))));
        }
        List<byte[]> reply = redis.eval(GCRA, keys, arguments);
        if (reply.size() != charges.size() + 1) {
            throw new StoreUnavailable("The script for rates replied with another number of elements");
        }
        boolean admitted = number(reply.getFirst()) == 1;
        List<Standing> standings = new ArrayList<>(charges.size());
        for (int i = 0; i < charges.size(); i++) {
            Charge charge = charges.get(i);
            long debt = number(reply.get(i + 1));
            standings.add(Standing.of(
                    charge.rate().step(MICROS), most(charge), debt, admitted ? 0 : cost(charge), NANOS_PER_MICRO));
        }
        return new Verdict(admitted, standings);
    }

    private static long most(Charge charge) {
        return charge.rate().burst() * charge.rate().step(MICROS);
    }

    private static long cost(Charge charge) {
        return Math.min(charge.cost(), charge.rate().burst() + 1)
                * charge.rate().step(MICROS);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long number(byte[] bytes) {
        return Long.parseLong(new String(bytes, StandardCharsets.UTF_8));
    }
}
