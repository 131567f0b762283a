package dev.mortise.security.audit;

import dev.mortise.mcp.store.StoreUnavailable;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what waits, chains it, and writes it in one transaction; then what has come to wait meanwhile. One thread does
 * so, for one stream. A batch that fails is tried again, with the same bytes, until it is known to be written.
 */
final class AuditWriter {
    private static final Logger LOG = LoggerFactory.getLogger(AuditWriter.class);
    private static final int MOST_TOGETHER = 2048;
    private static final int STREAM_BYTES = 16;
    private static final Duration IDLE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final AuditTables tables;
    private final Checkpoints checkpoints;
    private final String name;
    private final Clock clock;
    private final Notices notices;
    private final SinkFeed sinks;
    private final ArrayBlockingQueue<Pending> queue;
    /** How long after the beginning of one batch the next begins at the soonest. */
    private final long lingerNanos;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private long began;

    private final SecureRandom random = new SecureRandom();
    private final Chainer chainer = new Chainer();
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread;
    private final Thread watch;
    /** What was taken from the queue, and has no answer yet. */
    private volatile List<Pending> underWay = List.of();

    private volatile Head head;
    private volatile boolean failing;
    private volatile long closeBy = Long.MAX_VALUE;
    private volatile boolean closing;
    private volatile boolean ended;

    AuditWriter(
            AuditTables tables,
            Checkpoints checkpoints,
            String name,
            Clock clock,
            Notices notices,
            SinkFeed sinks,
            int backlog,
            Duration linger) {
        this.tables = tables;
        this.checkpoints = checkpoints;
        this.name = name;
        this.clock = clock;
        this.notices = notices;
        this.sinks = sinks;
        this.lingerNanos = linger.toNanos();
        this.began = System.nanoTime() - lingerNanos;
        this.queue = new ArrayBlockingQueue<>(backlog);
        this.head = open(null);
        this.thread = Thread.ofVirtual().name("audit-writer").unstarted(this::run);
        this.watch = Thread.ofVirtual().name("audit-watch").unstarted(this::watch);
    }

    void start() {
        thread.start();
        watch.start();
    }

    Head head() {
        return head;
    }

    boolean isFailing() {
        return failing;
    }

    boolean isClosing() {
        return closing;
    }

    /** @return whether it now waits to be written */
    boolean offer(Pending pending, Duration limit) throws InterruptedException {
        if (closing || !queue.offer(pending, limit.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        if (ended) {
            // It may have come when the writer had looked for the last time.
            pending.failed();
            return pending.isWritten();
        }
        return true;
    }

    /** Notes that something went unrecorded. */
    void lost() {
        if (lost.getAndIncrement() == 0) {
            notices.tell(new AuditNotice.Lost(1));
        }
    }

    /** Ends the stream after what waits, if that succeeds within the limit. */
    void close(Duration limit) throws InterruptedException {
        closeBy = System.nanoTime() + limit.toNanos();
        closing = true;
        stopped.countDown();
        thread.join(limit.plus(LONGEST_PAUSE));
        if (thread.isAlive()) {
            thread.interrupt();
        }
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                List<Pending> together = gather();
                if (!together.isEmpty() || (lost.get() > 0 && !failing)) {
                    settle(together);
                }
                underWay = List.of();
            }
            if (!failing) {
                finish();
            }
        } catch (InterruptedException e) {
            LOG.debug("The writer of the audit log was stopped");
        } finally {
            closing = true;
            ended = true;
            underWay.forEach(Pending::failed);
            queue.forEach(Pending::failed);
        }
    }

    /** Wakes those who have waited for too long; until the writer has ended, which leaves nobody waiting. */
    private void watch() {
        try {
            while (!thread.join(IDLE)) {
                long now = System.nanoTime();
                underWay.forEach(pending -> pending.look(now));
                queue.forEach(pending -> pending.look(now));
            }
        } catch (InterruptedException e) {
            LOG.debug("Nobody watches over the audit log any more");
        }
    }

    private List<Pending> gather() throws InterruptedException {
        letOthersGoFirst();
        Pending first = queue.poll();
        if (first == null) {
            first = queue.poll(IDLE.toNanos(), TimeUnit.NANOSECONDS);
            if (first == null) {
                return List.of();
            }
            letOthersGoFirst();
        }
        underWay = List.of(first);
        long left = lingerNanos - (System.nanoTime() - began);
        if (left > 0 && queue.size() < MOST_TOGETHER && stopped.await(left, TimeUnit.NANOSECONDS)) {
            LOG.debug("The audit log is being closed: what waits is written at once");
        }
        began = System.nanoTime();
        int more = Math.min(queue.size(), MOST_TOGETHER - 1);
        // With room for all of them before one leaves the queue: whatever ends this thread, each is in a place where it
        // is told.
        List<Pending> waiting = new ArrayList<>(1 + more);
        waiting.add(first);
        queue.drainTo(waiting, more);
        underWay = waiting;
        return waiting.stream().filter(Pending::take).toList();
    }

    /**
     * Those who were answered just now may have more to record, and then it is in this batch. If they do not go first, it is
     * in the next one. As long as there come more of them, the next may, too.
     */
    @SuppressWarnings("ThreadPriorityCheck")
    private void letOthersGoFirst() {
        int before;
        int now = queue.size();
        do {
            before = now;
            Thread.yield();
            now = queue.size();
        } while (now > before && now < MOST_TOGETHER);
    }

    private void settle(List<Pending> together) throws InterruptedException {
        long missed = lost.get();
        List<Entry> entries = new ArrayList<>(together.size() + 1);
        together.forEach(pending -> entries.add(pending.entry()));
        if (missed > 0) {
            entries.add(new Entry.Own(clock.instant(), Entry.Own.LOST, Map.of("events", missed)));
        }
        if (write(entries, false)) {
            lost.addAndGet(-missed);
            together.forEach(Pending::written);
        } else {
            together.forEach(Pending::failed);
        }
    }

    /** @return whether it is written; not before that is known, or the time to close is up */
    private boolean write(List<Entry> entries, boolean last) throws InterruptedException {
        Batch batch = chainer.chain(head, entries);
        long pause = IDLE.toMillis();
        while (true) {
            try {
                switch (tables.append(batch, last)) {
                    case YES, BEFORE -> {
                        head = batch.after();
                        recovered();
                        sinks.offer(batch);
                        return true;
                    }
                    case FENCED -> {
                        notices.tell(new AuditNotice.Fenced(batch.before().stream()));
                        head = open(batch.before());
                        batch = chainer.chain(head, entries);
                    }
                }
            } catch (RuntimeException e) {
                failed(e);
                if (System.nanoTime() - closeBy >= 0) {
                    return false;
                }
                Thread.sleep(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE.toMillis());
            }
        }
    }

    private void failed(RuntimeException e) {
        if (!failing) {
            failing = true;
            LOG.error("The audit log cannot be written; it is tried again until it can", e);
            notices.tell(new AuditNotice.Unavailable(
                    e instanceof StoreUnavailable
                            ? String.valueOf(e.getMessage())
                            : e.getClass().getName()));
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            LOG.info("The audit log is written again");
            notices.tell(new AuditNotice.Recovered());
        }
    }

    private Head open(@Nullable Head fenced) {
        byte[] id = new byte[STREAM_BYTES];
        random.nextBytes(id);
        String stream = HexFormat.of().formatHex(id);
        List<Head> others = tables.unrecorded();
        List<Head> known = new ArrayList<>(others);
        if (fenced != null && known.stream().noneMatch(other -> other.stream().equals(fenced.stream()))) {
            known.add(fenced);
        }
        Map<String, Object> facts = Map.of("writer", RecordText.clean(name), "streams", ends(known));
        Batch first = chainer.chain(
                new Head(stream, 0, Hashes.NONE), List.of(new Entry.Own(clock.instant(), Entry.Own.OPENED, facts)));
        // Before the transaction: a signer may be far away. And in it: whoever is killed here leaves no stream
        // unsigned.
        SignedCheckpoint opening = checkpoints.opening(first.after());
        tables.open(name, first, others, opening);
        checkpoints.opened(opening);
        sinks.offer(first);
        return first.after();
    }

    static List<Map<String, Object>> ends(List<Head> heads) {
        return heads.stream()
                .map(head -> Map.<String, Object>of(
                        "stream", head.stream(), "sequence", head.sequence(), "hash", head.hash()))
                .toList();
    }

    private void finish() throws InterruptedException {
        write(List.of(new Entry.Own(clock.instant(), Entry.Own.CLOSED, Map.of())), true);
    }
}
