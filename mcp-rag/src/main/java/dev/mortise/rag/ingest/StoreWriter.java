package dev.mortise.rag.ingest;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.rag.internal.Interrupts;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes what several threads have ready in one go, because a commit costs the same for one document and for many: while
 * one thread writes, the others queue up, and the next has it written for them all. Whoever is interrupted meanwhile waits
 * for the end all the same: what is being written belongs to others too, and that it is stored has to be told.
 */
final class StoreWriter {
    private final ChunkStore store;
    private final ReentrantLock writing = new ReentrantLock();
    private final ConcurrentLinkedQueue<Job> queue = new ConcurrentLinkedQueue<>();

    StoreWriter(ChunkStore store) {
        this.store = store;
    }

    /**
     * Returns when the document is in the store, and throws what the store threw.
     *
     * @throws java.util.concurrent.CancellationException if the thread was interrupted before, with nothing written
     */
    void write(Tenant tenant, DocumentChunks document) {
        Interrupts.check();
        Job job = new Job(tenant, document);
        queue.add(job);
        writing.lock();
        try {
            if (!job.done) {
                Interrupts.undisturbed(() -> {
                    writeAll();
                    return job;
                });
            }
        } finally {
            writing.unlock();
        }
        if (job.failure != null) {
            throw job.failure;
        }
        if (!job.stored) {
            throw new StoreUnavailable("The thread that wrote this together with other documents died");
        }
    }

    private void writeAll() {
        List<Job> jobs = new ArrayList<>();
        for (Job job = queue.poll(); job != null; job = queue.poll()) {
            jobs.add(job);
        }
        jobs.stream().map(job -> job.tenant).distinct().forEach(tenant -> writeOf(tenant, jobs));
    }

    private void writeOf(Tenant tenant, List<Job> all) {
        List<Job> jobs = all.stream().filter(job -> job.tenant.equals(tenant)).toList();
        try {
            store.replace(tenant, jobs.stream().map(job -> job.document).toList());
            jobs.forEach(job -> job.stored = true);
        } catch (IllegalArgumentException e) {
            // Whose fault it was only shows one by one.
            if (jobs.size() == 1) {
                jobs.getFirst().failure = e;
            } else {
                jobs.forEach(job -> alone(tenant, job));
            }
        } catch (RuntimeException e) {
            jobs.forEach(job -> job.failure = e);
        } catch (OutOfMemoryError e) {
            jobs.forEach(job -> job.failure = new StoreUnavailable("There is not enough memory to write this", e));
        } finally {
            jobs.forEach(job -> job.done = true);
        }
    }

    private void alone(Tenant tenant, Job job) {
        try {
            store.replace(tenant, job.document);
            job.stored = true;
        } catch (RuntimeException e) {
            job.failure = e;
        }
    }

    /** Its fields are written under the lock, and read after having had it. */
    private static final class Job {
        final Tenant tenant;
        final DocumentChunks document;
        boolean done;
        boolean stored;

        @Nullable
        RuntimeException failure;

        Job(Tenant tenant, DocumentChunks document) {
            this.tenant = tenant;
            this.document = document;
        }
    }
}
