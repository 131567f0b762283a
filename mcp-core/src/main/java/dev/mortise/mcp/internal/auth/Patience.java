package dev.mortise.mcp.internal.auth;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/** Waiting for a lock, with an end. */
final class Patience {
    private Patience() {}

    static void lock(Lock lock, Duration patience) throws IOException {
        try {
            if (!lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("Somebody else is renewing these credentials, for longer than " + patience);
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Marks the thread again. */
    static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("Interrupted while credentials were obtained");
    }
}
