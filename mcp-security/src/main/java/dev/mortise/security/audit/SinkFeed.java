package dev.mortise.security.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what is in the log to a sink, which may be slow or broken: then it misses some, and the log does not notice. */
final class SinkFeed {
    private static final Logger LOG = LoggerFactory.getLogger(SinkFeed.class);
    private static final int MOST_TOGETHER = 500;
    private static final int TRIES = 3;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofMillis(200);

    private final @Nullable AuditSink sink;
    private final Notices notices;
    private final ArrayBlockingQueue<String> queue;
    private final AtomicLong missed = new AtomicLong();
    private final Thread thread;
    private volatile boolean closing;

    SinkFeed(@Nullable AuditSink sink, Notices notices, int room) {
        this.sink = sink;
        this.notices = notices;
        this.queue = new ArrayBlockingQueue<>(room);
        this.thread = Thread.ofVirtual().name("audit-sink").unstarted(this::run);
    }

    void start() {
        if (sink != null) {
            thread.start();
        }
    }

    void offer(Batch batch) {
        if (sink == null) {
            return;
        }
        long without = batch.lines().stream().filter(line -> !queue.offer(line)).count();
        miss(without);
    }

    private void miss(long records) {
        if (records > 0) {
            missed.addAndGet(records);
            notices.tell(new AuditNotice.SinkMissed(records));
        }
    }

    private void run() {
        AuditSink to = sink;
        try {
            while (to != null && (!closing || !queue.isEmpty())) {
                List<String> records = new ArrayList<>();
                String first = queue.poll(IDLE.toNanos(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    records.add(first);
                    queue.drainTo(records, MOST_TOGETHER - 1);
                    deliver(to, records);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("The feed of a sink was stopped");
        }
    }

    private void deliver(AuditSink to, List<String> records) throws InterruptedException {
        long gap = missed.get();
        List<String> lines = new ArrayList<>(records.size() + 1);
        if (gap > 0) {
            lines.add("{\"records\":" + gap + ",\"type\":\"missed\"}");
        }
        lines.addAll(records);
        for (int tries = 1; ; tries++) {
            try {
                to.accept(List.copyOf(lines));
                missed.addAndGet(-gap);
                return;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception | LinkageError | AssertionError e) {
                if (tries == TRIES || closing) {
                    LOG.warn("A sink of the audit log missed {} records", records.size(), e);
                    miss(records.size());
                    return;
                }
                Thread.sleep(BETWEEN_TRIES.toMillis());
            }
        }
    }

    void close(Duration limit) throws InterruptedException {
        closing = true;
        if (sink != null) {
            thread.join(limit);
            thread.interrupt();
        }
    }
}
