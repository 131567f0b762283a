package dev.mortise.mcp.internal.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Runs the code of listeners one after the other, apart from the thread that reads from the server: a listener may block,
 * or call the client. A listener that is too slow loses the oldest notices: those beyond a number, or beyond a size.
 */
final class SerialQueue {
    private static final Logger LOG = LoggerFactory.getLogger(SerialQueue.class);
    private static final int CAPACITY = 1024;
    private static final long MAX_WEIGHT = 32L * 1024 * 1024;

    private record Task(Runnable code, long weight) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition emptied = lock.newCondition();
    private final ArrayDeque<Task> waiting = new ArrayDeque<>();
    private long weight;
    private boolean running;

    /** @param about what the code holds on to while it waits */
    public void add(Runnable code, @Nullable JsonNode about) {
        Task task = new Task(code, weight(about));
        lock.lock();
        try {
            while (!waiting.isEmpty() && (waiting.size() >= CAPACITY || weight + task.weight() > MAX_WEIGHT)) {
                weight -= waiting.removeFirst().weight();
                LOG.debug("A listener is too slow: it misses a notice");
            }
            waiting.addLast(task);
            weight += task.weight();
            if (!running) {
                running = true;
                Thread.ofVirtual().name("mortise-client-notices").start(this::run);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (true) {
            Task next;
            lock.lock();
            try {
                next = waiting.pollFirst();
                if (next == null) {
                    running = false;
                    emptied.signalAll();
                    return;
                }
                weight -= next.weight();
            } finally {
                lock.unlock();
            }
            try {
                next.code().run();
            } catch (RuntimeException e) {
                LOG.warn("A listener failed", e);
            }
        }
    }

    /** About how many bytes of memory this takes. */
    private static long weight(@Nullable JsonNode node) {
        if (node == null) {
            return 0;
        }
        long sum = 32;
        if (node.isString()) {
            sum += node.stringValue().length();
        }
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            sum += property.getKey().length() + weight(property.getValue());
        }
        if (node.isArray()) {
            for (JsonNode item : node) {
                sum += weight(item);
            }
        }
        return sum;
    }

    /** Waits until all have run, but no longer than this. */
    void awaitEmpty(Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (running && left > 0) {
                left = emptied.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
