package dev.mortise.security.audit;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener, in order, on a thread of its own: nobody who has something to tell waits. */
final class Notices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private static final int MOST_WAITING = 1000;

    private final AuditNotice.Listener listener;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("audit-notices").factory());

    Notices(AuditNotice.Listener listener) {
        this.listener = listener;
    }

    void tell(AuditNotice notice) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            LOG.warn("A listener of the audit log hangs, and is not told: {}", notice);
            return;
        }
        try {
            thread.execute(() -> {
                try {
                    listener.told(notice);
                } catch (RuntimeException e) {
                    LOG.warn("A listener of the audit log failed", e);
                } finally {
                    waiting.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("Nobody is told any more: {}", notice, e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
