package dev.mortise.mcp.store.redis;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.UnifiedJedis;

/**
 * A subscription that holds, whatever happens to its connection. One virtual thread reads; another one sends a sign of
 * life now and then, because a peer that has silently gone would never be noticed by reading. A connection that does
 * not answer is ended by interrupting its reader: on a virtual thread that closes the socket.
 */
final class JedisSubscription implements Redis.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(JedisSubscription.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final UnifiedJedis client;
    private final byte[] channel;
    private final Redis.Subscriber subscriber;
    private final Duration heartbeat;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread reader;
    private volatile @Nullable Messages current;

    private JedisSubscription(UnifiedJedis client, byte[] channel, Redis.Subscriber subscriber, Duration heartbeat) {
        this.client = client;
        this.channel = channel.clone();
        this.subscriber = subscriber;
        this.heartbeat = heartbeat;
        this.reader = Thread.ofVirtual().name("redis-subscription").unstarted(this::read);
    }

    static JedisSubscription start(
            UnifiedJedis client, byte[] channel, Redis.Subscriber subscriber, Duration heartbeat) {
        JedisSubscription subscription = new JedisSubscription(client, channel, subscriber, heartbeat);
        subscription.reader.start();
        Thread.ofVirtual().name("redis-subscription-heartbeat").start(subscription::beat);
        return subscription;
    }

    private void read() {
        Duration pause = SHORTEST_PAUSE;
        while (isOpen()) {
            Messages messages = new Messages();
            current = messages;
            try {
                client.subscribe(messages, channel);
            } catch (RuntimeException e) {
                if (isOpen() && (messages.held || pause.equals(SHORTEST_PAUSE))) {
                    LOG.warn("A subscription in Redis is interrupted; trying again: {}", e.toString());
                }
            }
            current = null;
            // The interrupt was for the connection, not for this thread.
            Thread.interrupted();
            pause = messages.held ? SHORTEST_PAUSE : min(pause.multipliedBy(2), LONGEST_PAUSE);
            waitFor(pause);
        }
    }

    private void beat() {
        while (isOpen()) {
            waitFor(heartbeat);
            Messages messages = current;
            if (messages == null || !isOpen()) {
                continue;
            }
            if (messages.silent()) {
                reader.interrupt();
            } else {
                messages.ask();
            }
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void waitFor(Duration time) {
        try {
            closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            LOG.trace("Woken up", e);
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    @Override
    public void close() {
        closed.countDown();
        reader.interrupt();
    }

    /** What one connection brings. */
    private final class Messages extends BinaryJedisPubSub {
        private volatile boolean held;
        private volatile boolean asked;

        @Override
        public void onSubscribe(byte[] name, int count) {
            asked = false;
            if (!held) {
                held = true;
                LOG.debug("A subscription in Redis holds");
                tell(subscriber::subscribed);
            }
        }

        @Override
        public void onMessage(byte[] name, byte[] message) {
            asked = false;
            tell(() -> subscriber.message(message));
        }

        /** Nothing was heard for a whole heartbeat, in which something should have been. */
        boolean silent() {
            return asked;
        }

        /**
         * Asks for a sign of life: the answer to the same subscription once more, which changes nothing. Jedis 8.0.0
         * may read the answer to a ping before it knows that it has asked. Before the subscription holds, the answer
         * that is waited for is the first one.
         */
        void ask() {
            asked = true;
            if (!held) {
                return;
            }
            try {
                subscribe(channel);
            } catch (RuntimeException e) {
                LOG.debug("The reader will notice, too", e);
                reader.interrupt();
            }
        }

        private void tell(Runnable message) {
            if (!isOpen()) {
                return;
            }
            try {
                message.run();
            } catch (RuntimeException e) {
                LOG.warn("A subscriber failed on a message", e);
            }
        }
    }
}
