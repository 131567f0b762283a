package dev.mortise.mcp.internal.store;

import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.server.ServerEvents;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events that reach this process at once and the other replicas soon. What waits to be sent is sent in order, the same
 * change once; while the way to the others is interrupted it waits, and beyond a bound it becomes one
 * {@link ServerEvent.Missed}. A thread exists only while there is something to send. Thread-safe.
 */
public final class SharedEvents implements ServerEvents, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedEvents.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MAX_WAITING = 10_000;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** The way to the other replicas. Blocks; throws if the event may not have been sent. */
    @FunctionalInterface
    public interface Sender {
        void send(String replica, EventWire event);
    }

    private final String replica = randomId();
    private final ServerEvents local = ServerEvents.local();
    private final Sender sender;
    private final LinkedHashSet<ServerEvent> waiting = new LinkedHashSet<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean sending;
    private boolean closed;

    public SharedEvents(Sender sender) {
        this.sender = sender;
    }

    @Override
    public void publish(ServerEvent event) {
        local.publish(event);
        lock.lock();
        try {
            if (closed) {
                return;
            }
            waiting.add(event);
            if (waiting.size() > MAX_WAITING) {
                waiting.clear();
                waiting.add(new ServerEvent.Missed());
            }
            if (!sending) {
                sending = true;
                Thread.ofVirtual().name("events-sender").start(this::send);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Subscription subscribe(Consumer<ServerEvent> subscriber) {
        return local.subscribe(subscriber);
    }

    /** What another replica has sent; what this one has sent itself comes back too, and was told already. */
    public void received(String from, EventWire event) {
        if (!from.equals(replica)) {
            event.event().ifPresent(local::publish);
        }
    }

    /** Events of others may have been lost. */
    public void missed() {
        local.publish(new ServerEvent.Missed());
    }

    private void send() {
        Duration pause = SHORTEST_PAUSE;
        for (ServerEvent event = next(); event != null; event = next()) {
            try {
                sender.send(replica, EventWire.of(event));
                pause = SHORTEST_PAUSE;
            } catch (RuntimeException e) {
                if (pause.equals(SHORTEST_PAUSE)) {
                    LOG.warn("Events do not reach the other replicas; they wait: {}", e.toString());
                }
                pauseWith(event, pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    /** @return {@code null} if there is nothing, and then the sending thread ends */
    private @Nullable ServerEvent next() {
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                sending = false;
                changed.signalAll();
                return null;
            }
            return waiting.removeFirst();
        } finally {
            lock.unlock();
        }
    }

    private void pauseWith(ServerEvent unsent, Duration time) {
        lock.lock();
        try {
            if (closed) {
                waiting.clear();
                return;
            }
            waiting.addFirst(unsent);
            long left = time.toNanos();
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Sends what is waiting, if the way is open, for at most two seconds. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            long left = LAST_WORDS.toNanos();
            while (sending && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "SharedEvents[" + replica + "]";
    }

    private static String randomId() {
        byte[] id = new byte[9];
        RANDOM.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}
