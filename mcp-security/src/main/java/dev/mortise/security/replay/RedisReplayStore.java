package dev.mortise.security.replay;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.redis.Redis;
import dev.mortise.mcp.store.redis.Script;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Remembers calls in Redis, 6.2 or later, by the clock of the server. {@code calls.lua} describes the keys; in a cluster
 * those of one owner share a slot. The server must not evict, and what it has not yet written to disk or to its own
 * replicas when it dies is forgotten: then a call that is sent again is carried out again.
 */
public final class RedisReplayStore implements ReplayStore {
    private static final Script CLAIM = script("claim.lua");
    private static final Script CHANGE = script("change.lua");

    private final Redis redis;
    private final String prefix;

    private RedisReplayStore(Redis redis, String prefix) {
        this.redis = redis;
        this.prefix = prefix;
    }

    public static RedisReplayStore over(Redis redis) {
        return over(redis, "mortise");
    }

    /** @param prefix of all keys; servers that share a Redis and nothing else have different ones */
    public static RedisReplayStore over(Redis redis, String prefix) {
        if (prefix.indexOf('{') >= 0 || prefix.indexOf('}') >= 0) {
            throw new IllegalArgumentException(
                    "A prefix has no braces, which name the slot, but this one is " + prefix);
        }
        return new RedisReplayStore(redis, prefix);
    }

    private static Script script(String file) {
        return Script.beside(RedisReplayStore.class, "redis/calls.lua", "redis/" + file);
    }

    @Override
    public Claim claim(String owner, String key, String digest, String claimant, Terms terms) {
        List<String> reply = eval(
                CLAIM,
                owner,
                key,
                claimant,
                millis(terms.lease().toMillis()),
                millis(terms.ttl().toMillis()),
                digest,
                Integer.toString(terms.mostOfOwner()));
        return switch (reply.getFirst()) {
            case "first" -> new Claim.First();
            case "running" -> new Claim.Running();
            case "done" -> new Claim.Done(reply.get(1));
            case "lost" -> new Claim.Lost();
            case "other" -> new Claim.OtherCall();
            case "full" -> new Claim.Full();
            default -> throw new StoreUnavailable("The script for calls replied with another word");
        };
    }

    @Override
    public void renew(String owner, String key, String claimant, Terms terms) {
        change(owner, key, claimant, terms, "renew", "");
    }

    @Override
    public boolean finish(String owner, String key, String claimant, String outcome, Terms terms) {
        change(owner, key, claimant, terms, "finish", outcome);
        return true;
    }

    @Override
    public void release(String owner, String key, String claimant) {
        eval(CHANGE, owner, key, claimant, "0", "0", "release", "");
    }

    private void change(String owner, String key, String claimant, Terms terms, String what, String outcome) {
        eval(
                CHANGE,
                owner,
                key,
                claimant,
                millis(terms.lease().toMillis()),
                millis(terms.ttl().toMillis()),
                what,
                outcome);
    }

    private static String millis(long millis) {
        return Long.toString(millis);
    }

    private List<String> eval(Script script, String owner, String... arguments) {
        byte[] tag = bytes("{" + prefix + ":replay:" + owner + "}");
        return redis
                .eval(
                        script,
                        List.of(tag),
                        Arrays.stream(arguments).map(RedisReplayStore::bytes).toList())
                .stream()
                .map(element -> new String(element, StandardCharsets.UTF_8))
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
