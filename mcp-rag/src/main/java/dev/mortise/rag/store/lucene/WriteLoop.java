package dev.mortise.rag.store.lucene;

import dev.mortise.mcp.store.StoreUnavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
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
    private final Thread thread;
    private volatile boolean closed;

    WriteLoop(String name, Publish publish) {
        this.publish = publish;
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /** Returns when the change is durable and visible. */
    void perform(Change change) {
        Waiting waiting = new Waiting(change, new CompletableFuture<>());
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
        List<Waiting> applied = new ArrayList<>(batch.size());
        for (Waiting waiting : batch) {
            try {
                waiting.change.apply();
                applied.add(waiting);
            } catch (Exception | OutOfMemoryError e) {
                waiting.done.completeExceptionally(e);
            }
        }
        try {
            publish.publish();
            applied.forEach(waiting -> waiting.done.complete(null));
        } catch (Exception | OutOfMemoryError e) {
            LOG.error("The index could not be made durable; {} changes failed", applied.size(), e);
            applied.forEach(waiting -> waiting.done.completeExceptionally(e));
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

    private record Waiting(Change change, CompletableFuture<Void> done) {}
}
