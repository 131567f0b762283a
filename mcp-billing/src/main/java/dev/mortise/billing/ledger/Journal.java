package dev.mortise.billing.ledger;

import dev.mortise.billing.ledger.LedgerStore.Appended;
import dev.mortise.billing.ledger.LedgerStore.Leased;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.mcp.health.HealthCheck;
import dev.mortise.mcp.health.Verdict;
import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the ledger for one process: what waits at the same time shares a transaction. A batch that fails is tried
 * again until it is known to be in. Thread-safe.
 */
public final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final int MOST_TOGETHER = 1024;
    private static final Duration IDLE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    /** After this, or after so many events, the store brings its totals up to date. */
    private static final long SPREAD_NANOS = Duration.ofSeconds(2).toNanos();

    private static final int SPREAD_EVENTS = 4096;

    /**
     * After this it does so for all, and even if nothing was written here: somebody may have died, and another thread that
     * reads through the same store may have brought totals up to date just now, which somebody wants to hear.
     */
    private static final long LOOK_NANOS = Duration.ofSeconds(5).toNanos();

    private final LedgerStore store;
    private final Duration ttl;
    private final long lingerNanos;
    private final Membership membership;
    private final ArrayBlockingQueue<Posting> queue;
    private final Thread writer;
    private final Thread heart;
    private final Thread watch;
    /** What is being written. */
    private volatile List<Posting> underWay = List.of();

    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Consumer<List<WindowState>> listener = windows -> {};
    private long sequence;
    private long epochOfSequence;
    private volatile boolean failing;
    /** Since the store has brought its totals up to date; the one at first stands for what others have left behind. */
    private int unspread = 1;

    private long spreadBy = System.nanoTime();
    private long lookBy = spreadBy;
    /** The name under which the last batch was written; empty before the first. */
    private String writtenAs = "";

    private boolean spreadFailing;
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile long closeBy = Long.MAX_VALUE;

    private Journal(LedgerStore store, Duration ttl, int backlog, Duration linger) {
        this.store = store;
        this.ttl = ttl;
        this.lingerNanos = linger.toNanos();
        this.membership = new Membership(store, ttl);
        this.epochOfSequence = membership.term().epoch();
        this.queue = new ArrayBlockingQueue<>(backlog);
        this.writer = Thread.ofVirtual().name("ledger-writer").unstarted(this::write);
        this.heart = Thread.ofVirtual().name("ledger-heart").unstarted(this::live);
        this.watch = Thread.ofVirtual().name("ledger-watch").unstarted(this::watch);
    }

    /** Begins to write, as soon as there is something. */
    public static Journal start(LedgerStore store, Duration ttl, int backlog) {
        return start(store, ttl, backlog, Duration.ZERO);
    }

    /**
     * Begins to write.
     *
     * @param ttl how long what this process holds stays its own when it is not heard of; at least a second
     * @param backlog how much may wait
     * @param linger how long after the beginning of one transaction the next begins at the soonest, so that more share it;
     *     what comes after a silence waits for nothing
     * @throws StoreUnavailable if the store does not answer
     */
    public static Journal start(LedgerStore store, Duration ttl, int backlog, Duration linger) {
        if (linger.isNegative()) {
            throw new IllegalArgumentException("To linger takes no negative time, but this is " + linger);
        }
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("What a replica holds is its own for at least a second, not " + ttl);
        }
        Journal journal = new Journal(store, ttl, backlog, linger);
        journal.writer.start();
        journal.heart.start();
        journal.watch.start();
        return journal;
    }

    /** Is told of windows that have changed, on the thread that writes: it must not block. */
    public void onChange(Consumer<List<WindowState>> newListener) {
        this.listener = newListener;
    }

    public LedgerStore store() {
        return store;
    }

    /**
     * Books, and gives up what was held for it, in one transaction.
     *
     * @throws StoreUnavailable if too much waits already, or this is closed
     */
    public Posting post(List<Post> posts, List<Held> held) {
        Posting posting = new Posting(posts, held);
        if (closing || !queue.offer(posting)) {
            throw new StoreUnavailable(closing ? "The ledger is closed" : "Too much waits to be booked already");
        }
        if (ended) {
            // It came when the writer had looked for the last time, and nobody watches it.
            posting.failed(new StoreUnavailable("The ledger is closed"));
        }
        return posting;
    }

    /** Which term of holding units this is: what was leased in another one is not this process's any more. */
    public long epoch() {
        return membership.term().epoch();
    }

    /** Whether what was leased in an epoch may still be given out. */
    public boolean holds(long epoch) {
        return membership.holds(epoch);
    }

    /** A name for this process in this epoch, unguessable and unique. */
    public String replica() {
        return membership.term().id();
    }

    /**
     * Leases units, as {@link LedgerStore#lease}.
     *
     * @param epoch of the caller: if it is over by now, there are none
     */
    public Leased lease(long epoch, Window window, long limit, long need, long want) {
        Membership.Term term = membership.term();
        if (term.epoch() != epoch || !membership.holds(epoch)) {
            throw new StoreUnavailable("This replica was not heard of in time");
        }
        return store.lease(term.id(), window, limit, need, want);
    }

    /** Whether the ledger is written, for {@link dev.mortise.mcp.health.Health}. */
    public HealthCheck healthCheck() {
        return HealthCheck.of("ledger", () -> {
            if (closing) {
                return Verdict.down("closed");
            }
            return failing ? Verdict.down("cannot be written") : Verdict.up();
        });
    }

    private void live() {
        try {
            while (!stopped.await(ttl.toNanos() / 3, TimeUnit.NANOSECONDS)) {
                beat();
            }
        } catch (InterruptedException e) {
            LOG.debug("The ledger was closed");
        }
    }

    private void beat() throws InterruptedException {
        while (stopped.getCount() > 0) {
            try {
                membership.renew();
                return;
            } catch (RuntimeException e) {
                LOG.warn("The ledger could not be told that this replica lives: {}", e.toString());
                if (stopped.await(ttl.toNanos() / 12, TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        }
    }

    /** Sends those away who have waited for too long; until the writer has ended, which leaves nobody waiting. */
    private void watch() {
        try {
            while (!writer.join(IDLE)) {
                long now = System.nanoTime();
                underWay.forEach(posting -> posting.look(now));
                queue.forEach(posting -> posting.look(now));
            }
        } catch (InterruptedException e) {
            LOG.debug("Nobody watches over the ledger any more");
        }
    }

    private void write() {
        List<Posting> together = List.of();
        long began = System.nanoTime() - lingerNanos;
        try {
            while (!closing || !queue.isEmpty()) {
                together = new ArrayList<>();
                Posting first = queue.poll(IDLE.toNanos(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    together.add(first);
                    letOthersGoFirst();
                    long left = lingerNanos - (System.nanoTime() - began);
                    if (left > 0 && queue.size() < MOST_TOGETHER && stopped.await(left, TimeUnit.NANOSECONDS)) {
                        LOG.debug("The ledger is being closed: what waits is written at once");
                    }
                    began = System.nanoTime();
                    queue.drainTo(together, MOST_TOGETHER - 1);
                    underWay = together;
                    write(together);
                    underWay = List.of();
                }
                spread(first == null);
            }
        } catch (InterruptedException e) {
            LOG.debug("The writer of the ledger was stopped");
        } finally {
            closing = true;
            ended = true;
            StoreUnavailable closed = new StoreUnavailable("The ledger is closed");
            together.stream().filter(posting -> !posting.isDone()).forEach(posting -> posting.failed(closed));
            for (Posting left = queue.poll(); left != null; left = queue.poll()) {
                left.failed(closed);
            }
        }
    }

    /**
     * Those who were answered just now may have more to book, and then it is in this batch. If they do not go first, it is in
     * the next one. As long as there come more of them, the next may, too.
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

    private void spread(boolean idle) {
        long now = System.nanoTime();
        boolean early = now - spreadBy < 0;
        boolean ofAll = writtenAs.isEmpty() || now - lookBy >= 0;
        boolean wanted =
                unspread == 0 ? idle && ofAll : spreadFailing ? !early : idle || !early || unspread >= SPREAD_EVENTS;
        if (!wanted) {
            return;
        }
        try {
            List<WindowState> windows = ofAll ? store.spread() : store.spread(writtenAs);
            unspread = 0;
            spreadFailing = false;
            lookBy = ofAll ? System.nanoTime() + LOOK_NANOS : lookBy;
            if (!windows.isEmpty()) {
                listener.accept(windows);
            }
        } catch (RuntimeException e) {
            if (!spreadFailing) {
                spreadFailing = true;
                LOG.warn("The totals of the ledger are brought up to date later", e);
            }
            lookBy = ofAll ? System.nanoTime() + SPREAD_NANOS : lookBy;
        }
        spreadBy = System.nanoTime() + SPREAD_NANOS;
    }

    private void write(List<Posting> together) throws InterruptedException {
        List<Post> posts = new ArrayList<>(together.size());
        together.forEach(posting -> posts.addAll(posting.posts()));
        if (unspread == 0) {
            spreadBy = System.nanoTime() + SPREAD_NANOS;
        }
        unspread += Math.max(1, posts.size());
        Membership.Term term = membership.term();
        Batch batch = batch(term, posts, spent(together, term.epoch()));
        long pause = IDLE.toMillis() / 2;
        while (true) {
            try {
                switch (store.append(batch)) {
                    case Appended.Done done -> {
                        advanced();
                        writtenAs = batch.replica();
                        // First: who has an answer may ask what it has changed.
                        listener.accept(done.windows());
                        answer(together, done.bookings());
                        return;
                    }
                    case Appended.Before before -> {
                        // It went in, and its answer was lost: what became of each is found by asking again.
                        advanced();
                        posts.replaceAll(Post::again);
                        batch = batch(membership.term(), posts, List.of());
                    }
                    case Appended.Fenced fenced -> {
                        membership.rejoin(batch.replica());
                        posts.replaceAll(Post::again);
                        batch = batch(membership.term(), posts, List.of());
                    }
                }
            } catch (RuntimeException e) {
                if (!failing) {
                    failing = true;
                    LOG.error("The ledger cannot be written; it is tried again until it can", e);
                }
                if (System.nanoTime() - closeBy >= 0) {
                    together.forEach(posting -> posting.failed(e));
                    return;
                }
                Thread.sleep(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE.toMillis());
            }
        }
    }

    private Batch batch(Membership.Term term, List<Post> posts, List<Spent> spent) {
        if (term.epoch() != epochOfSequence) {
            epochOfSequence = term.epoch();
            sequence = 0;
        }
        return new Batch(term.id(), sequence + 1, posts, spent);
    }

    private void advanced() {
        sequence++;
        if (failing) {
            failing = false;
            LOG.info("The ledger is written again");
        }
    }

    private static List<Spent> spent(List<Posting> together, long epoch) {
        Map<Window, long[]> units = new HashMap<>();
        for (Posting posting : together) {
            for (Held held : posting.held()) {
                if (held.epoch() == epoch) {
                    units.computeIfAbsent(held.window(), window -> new long[1])[0] += held.units();
                }
            }
        }
        List<Spent> spent = new ArrayList<>(units.size());
        units.forEach((window, sum) -> spent.add(new Spent(window, sum[0])));
        return spent;
    }

    private static void answer(List<Posting> together, List<Booking> bookings) {
        int at = 0;
        for (Posting posting : together) {
            int end = at + posting.posts().size();
            posting.booked(bookings.subList(at, end));
            at = end;
        }
    }

    /** Writes what waits, within some seconds, and gives back what is held. The store stays open. */
    @Override
    public void close() {
        closeBy = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        closing = true;
        stopped.countDown();
        try {
            writer.join(Duration.ofSeconds(8));
            if (writer.isAlive()) {
                writer.interrupt();
            }
            heart.join(Duration.ofSeconds(1));
            membership.leave();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StoreUnavailable e) {
            LOG.warn("What this replica held is given back when it has not been heard of for {}", ttl);
        }
    }
}
