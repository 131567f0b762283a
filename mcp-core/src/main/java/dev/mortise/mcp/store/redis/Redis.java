package dev.mortise.mcp.store.redis;

import dev.mortise.mcp.observe.WorkObserver;
import dev.mortise.mcp.store.StoreUnavailable;
import java.util.List;

/**
 * What Mortise needs of Redis, 6.2 or later: scripts and publishing. {@link JedisRedis} does it with Jedis; with
 * another client it takes some thirty lines. Thread-safe; everything blocks, and nothing blocks for longer than the
 * client's time-out.
 *
 * <p>Whatever goes wrong, a refused connection or a script's own error, is {@link StoreUnavailable}, within the
 * time-out. Nothing is tried again here: only the caller knows what may happen twice. After an interruption it works
 * again by itself.
 */
public interface Redis {
    /** The same, observed; what is heard by subscriptions is not. */
    static Redis observed(Redis redis, WorkObserver observer) {
        return new ObservedRedis(redis, observer);
    }

    /**
     * Runs a script, by its SHA-1, and by its source where the server does not know it yet.
     *
     * @param keys all keys that it touches; in a cluster they share one slot, by a hash tag
     * @return the reply: an array of bulk strings
     * @throws StoreUnavailable if it cannot be told whether the script has run, or that it has not
     */
    List<byte[]> eval(Script script, List<byte[]> keys, List<byte[]> arguments);

    /**
     * Publishes to all that are subscribed at this moment.
     *
     * @throws StoreUnavailable if it may not have been published
     */
    void publish(byte[] channel, byte[] message);

    /**
     * Subscribes, and again after every interruption, until closed. Returns at once, also while Redis is down.
     *
     * @param subscriber is called by one thread at a time, and must not block
     */
    Subscription subscribe(byte[] channel, Subscriber subscriber);

    /** Hears what is published. */
    interface Subscriber {
        /**
         * From now on messages arrive. Called when the subscription begins to hold, and anew after each interruption:
         * what was published before is lost.
         */
        void subscribed();

        void message(byte[] message);
    }

    /** A subscription that can be ended. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
