package dev.mortise.rag.store.lucene;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out changes on one platform thread, because Lucene's writer holds monitors while it works. Changes that wait
 * together are made durable together.
 */
final class WriteLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteLoop.class);
    private static final int MOST_WAITING = 256;

    /** A change of the index. */
    interface Change {
        void apply() throws IOException;
    }

    /** Makes what was changed durable, and then visible. */
    interface Publish {
        void publish() throws IOException;
    }

    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Publish publish;
    private final Consumer<Tenant> changed;

    /** Whose changes may be in the writer, and become visible with whoever's come next. Of the one thread. */
    private final Set<Tenant> unpublished = new HashSet<>();

    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param changed is told whose documents may be others than before, after they are and before the caller hears of it:
     *     also of changes that failed, or that nobody waits for any more
     */
    WriteLoop(String name, Publish publish, Consumer<Tenant> changed) {
        this.publish = publish;
        this.changed = changed;
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /**
     * Returns when the change is durable and visible.
     *
     * @param tenant whose documents it changes; null if only their places
     * @throws IllegalArgumentException if the change does: it is at fault, not the index
     */
    void perform(@Nullable Tenant tenant, Change change) {
        Waiting waiting = new Waiting(tenant, change, new CompletableFuture<>());
        try {
            while (!queue.offer(waiting, 100, TimeUnit.MILLISECONDS)) {
                requireOpen();
            }
            while (true) {
                try {
                    waiting.done.get(1, TimeUnit.SECONDS);
                    return;
                } catch (java.util.concurrent.TimeoutException e) {
                    if (!thread.isAlive() && !waiting.done.isDone()) {
                        throw new StoreUnavailable("The index is closed");
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("Interrupted while the index was written; the change may take place", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalArgumentException fault) {
                throw new IllegalArgumentException(fault.getMessage(), fault);
            }
            throw new StoreUnavailable("The index cannot be written", e.getCause() == null ? e : e.getCause());
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new StoreUnavailable("The index is closed");
        }
    }

    private void run() {
        List<Waiting> batch = new ArrayList<>();
        while (!closed || !queue.isEmpty()) {
            batch.clear();
            try {
                Waiting first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch);
            } catch (InterruptedException e) {
                break;
            }
            carryOut(batch);
        }
        queue.forEach(waiting -> waiting.done.completeExceptionally(new IOException("The index was closed")));
    }

    /** Whatever goes wrong is told to those who wait: this thread must outlive it. */
    @SuppressWarnings("CatchingUnchecked")
    private void carryOut(List<Waiting> batch) {
        IdentityHashMap<Waiting, Throwable> failed = new IdentityHashMap<>();
        for (Waiting waiting : batch) {
            if (waiting.tenant != null) {
                unpublished.add(waiting.tenant);
            }
            try {
                waiting.change.apply();
            } catch (Exception | OutOfMemoryError e) {
                // Of several documents some may be in the writer.
                failed.put(waiting, e);
            }
        }
        boolean published = false;
        try {
            publish.publish();
            published = true;
        } catch (Exception | OutOfMemoryError e) {
            LOG.error("The index could not be made durable; {} changes failed", batch.size() - failed.size(), e);
            batch.forEach(waiting -> failed.putIfAbsent(waiting, e));
        }
        unpublished.forEach(changed);
        if (published) {
            unpublished.clear();
        }
        for (Waiting waiting : batch) {
            Throwable failure = failed.get(waiting);
            if (failure == null) {
                waiting.done.complete(null);
            } else {
                waiting.done.completeExceptionally(failure);
            }
        }
    }

    /** Carries out what waits, then ends. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private record Waiting(@Nullable Tenant tenant, Change change, CompletableFuture<Void> done) {}
}
