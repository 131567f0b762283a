package dev.mortise.rag.ingest;

import dev.mortise.rag.store.ChunkStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.Semaphore;

/** A real store, whose changes wait in front of it until they are let through. */
final class GatedStore {
    /** How many changes have arrived. */
    final Semaphore arrived = new Semaphore(0);

    private final Semaphore gate = new Semaphore(0);
    private final ChunkStore behind;

    GatedStore(ChunkStore behind) {
        this.behind = behind;
    }

    void letThrough(int changes) {
        gate.release(changes);
    }

    ChunkStore store() {
        return (ChunkStore) Proxy.newProxyInstance(
                ChunkStore.class.getClassLoader(), new Class<?>[] {ChunkStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("replace") || method.getName().equals("delete")) {
                        arrived.release();
                        gate.acquireUninterruptibly();
                    }
                    try {
                        return method.invoke(behind, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
