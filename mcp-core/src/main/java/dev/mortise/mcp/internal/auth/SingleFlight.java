package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.TokenStore.Work;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One thread at a time. Who waited for one that failed, fails with it, instead of asking the user once more. */
final class SingleFlight {
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong landed = new AtomicLong();
    private volatile @Nullable AuthorizationException failure;

    <T> T run(Duration patience, Work<T> work) throws IOException {
        long before = landed.get();
        Patience.lock(lock, patience);
        try {
            AuthorizationException failed = failure;
            if (landed.get() != before && failed != null) {
                throw new AuthorizationException(
                        failed.reason(),
                        String.valueOf(failed.getMessage()),
                        failed.error().orElse(null),
                        failed);
            }
            failure = null;
            try {
                return work.run();
            } catch (AuthorizationException e) {
                failure = e;
                throw e;
            } finally {
                landed.incrementAndGet();
            }
        } finally {
            lock.unlock();
        }
    }
}
