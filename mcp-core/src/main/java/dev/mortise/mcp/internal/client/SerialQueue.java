package dev.mortise.mcp.internal.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the code of listeners one after the other, apart from the thread that reads from the server: a listener may block,
 * or call the client. A listener that is too slow loses the oldest notices.
 */
public final class SerialQueue {
    private static final Logger LOG = LoggerFactory.getLogger(SerialQueue.class);
    private static final int CAPACITY = 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition emptied = lock.newCondition();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    public void add(Runnable task) {
        lock.lock();
        try {
            if (waiting.size() == CAPACITY) {
                waiting.removeFirst();
                LOG.debug("A listener is too slow: it misses a notice");
            }
            waiting.addLast(task);
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
            Runnable next;
            lock.lock();
            try {
                next = waiting.pollFirst();
                if (next == null) {
                    running = false;
                    emptied.signalAll();
                    return;
                }
            } finally {
                lock.unlock();
            }
            try {
                next.run();
            } catch (RuntimeException e) {
                LOG.warn("A listener failed", e);
            }
        }
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
