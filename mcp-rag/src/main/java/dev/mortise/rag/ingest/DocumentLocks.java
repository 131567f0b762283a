package dev.mortise.rag.ingest;

import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** One thread at a time works on a document; threads that work on different ones rarely meet. */
final class DocumentLocks {
    private final ReentrantLock[] stripes =
            Stream.generate(ReentrantLock::new).limit(256).toArray(ReentrantLock[]::new);

    /** The lock of this document, taken. */
    ReentrantLock lock(Tenant tenant, DocumentKey document) throws InterruptedException {
        int hash = 31 * tenant.hashCode() + document.hashCode();
        ReentrantLock lock = stripes[Math.floorMod(hash ^ (hash >>> 16), stripes.length)];
        lock.lockInterruptibly();
        return lock;
    }
}
