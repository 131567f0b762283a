package dev.mortise.examples.production.knowledge;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.StoreStatistics;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An index that one process at a time can have open, for processes that are many: it is opened when something is asked of
 * it, and closed when nothing was for a moment, so that the desktop clients of one user, which start a server each, take
 * turns. Who serves over HTTP keeps it instead. Thread-safe.
 */
final class LeasedIndex implements ChunkStore {
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration IDLE = Duration.ofMillis(500);

    private final Supplier<ChunkStore> opener;
    private final Optional<VectorSpace> vectors;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CountDownLatch closed = new CountDownLatch(1);
    /** One more each time that it is opened: meanwhile another process may have changed anything. */
    private final AtomicLong openings = new AtomicLong();

    private @Nullable ChunkStore open;
    private int users;
    private boolean opening;
    private long idleSince;

    /** @param opener throws {@link StoreUnavailable} while another process has it */
    LeasedIndex(Supplier<ChunkStore> opener, Optional<VectorSpace> vectors) {
        this.opener = opener;
        this.vectors = vectors;
        Thread.ofVirtual().name("index-lease").start(this::giveBack);
    }

    /** Whether it can be had now, within a few seconds. */
    boolean isAvailable() {
        try {
            return with(store -> true);
        } catch (StoreUnavailable e) {
            return false;
        }
    }

    private <T> T with(Function<ChunkStore, T> work) {
        ChunkStore store = take();
        try {
            return work.apply(store);
        } finally {
            lock.lock();
            try {
                users--;
                idleSince = System.nanoTime();
            } finally {
                lock.unlock();
            }
        }
    }

    private ChunkStore take() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            lock.lock();
            try {
                while (opening) {
                    changed.await();
                }
                if (closed.getCount() == 0) {
                    throw new StoreUnavailable("The index is closed");
                }
                if (open != null) {
                    users++;
                    return open;
                }
                opening = true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreUnavailable("Interrupted while the index was waited for", e);
            } finally {
                lock.unlock();
            }
            ChunkStore opened = null;
            StoreUnavailable trouble = null;
            try {
                opened = opener.get();
                openings.incrementAndGet();
            } catch (StoreUnavailable e) {
                trouble = e;
            } finally {
                lock.lock();
                try {
                    opening = false;
                    open = opened;
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }
            if (trouble != null) {
                pause(end, trouble);
            }
        }
    }

    private void pause(long end, StoreUnavailable trouble) {
        if (System.nanoTime() >= end) {
            throw trouble;
        }
        try {
            if (closed.await(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StoreUnavailable("The index is closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw trouble;
        }
    }

    private void giveBack() {
        try {
            while (!closed.await(IDLE.toMillis(), TimeUnit.MILLISECONDS)) {
                lock.lock();
                try {
                    if (open != null && users == 0 && System.nanoTime() - idleSince >= IDLE.toNanos()) {
                        open.close();
                        open = null;
                    }
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Optional<VectorSpace> vectors() {
        return vectors;
    }

    @Override
    public void replace(Tenant tenant, List<DocumentChunks> documents) {
        with(store -> {
            store.replace(tenant, documents);
            return true;
        });
    }

    @Override
    public boolean delete(Tenant tenant, DocumentKey document) {
        return with(store -> store.delete(tenant, document));
    }

    @Override
    public Optional<DocumentRecord> document(Tenant tenant, DocumentKey document) {
        return with(store -> store.document(tenant, document));
    }

    @Override
    public Optional<String> text(Tenant tenant, DocumentKey document) {
        return with(store -> store.text(tenant, document));
    }

    @Override
    public List<Chunk> chunks(Tenant tenant, DocumentKey document) {
        return with(store -> store.chunks(tenant, document));
    }

    @Override
    public List<DocumentRecord> documents(
            Tenant tenant, @Nullable String collection, @Nullable DocumentKey after, int limit) {
        return with(store -> store.documents(tenant, collection, after, limit));
    }

    @Override
    public Map<String, Long> collections(Tenant tenant) {
        return with(store -> store.collections(tenant));
    }

    @Override
    public StoreStatistics statistics(Tenant tenant) {
        return with(store -> store.statistics(tenant));
    }

    @Override
    public List<ScoredChunk> matching(Tenant tenant, String text, Filter filter, int limit) {
        return with(store -> store.matching(tenant, text, filter, limit));
    }

    @Override
    public List<ScoredChunk> nearest(Tenant tenant, float[] vector, Filter filter, int limit) {
        return with(store -> store.nearest(tenant, vector, filter, limit));
    }

    @Override
    public Map<Chunk.Id, float[]> vectorsOf(Tenant tenant, List<Chunk.Id> chunks) {
        return with(store -> store.vectorsOf(tenant, chunks));
    }

    @Override
    public long generation(Tenant tenant) {
        return with(store -> openings.get() * 31 + store.generation(tenant));
    }

    /** That another process has it just now is no trouble. */
    @Override
    public Optional<String> trouble() {
        lock.lock();
        try {
            return open == null ? Optional.empty() : open.trouble();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long sizeOnDisk() {
        lock.lock();
        try {
            return open == null ? 0 : open.sizeOnDisk();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        lock.lock();
        try {
            if (open != null) {
                open.close();
                open = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
