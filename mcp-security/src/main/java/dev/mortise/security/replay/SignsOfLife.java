package dev.mortise.security.replay;

import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says three times within each lease that a call is still being carried out, until it ends. */
final class SignsOfLife {
    private static final Logger LOG = LoggerFactory.getLogger(IdempotentCalls.class);

    private final Thread thread;

    private SignsOfLife(Thread thread) {
        this.thread = thread;
    }

    static SignsOfLife start(Runnable renew, Duration lease) {
        return new SignsOfLife(Thread.ofVirtual().name("mortise-replay").start(() -> {
            while (true) {
                try {
                    Thread.sleep(lease.dividedBy(3));
                    renew.run();
                } catch (InterruptedException e) {
                    return;
                } catch (StoreUnavailable e) {
                    LOG.debug("A sign of life could not be given", e);
                    if (Thread.currentThread().isInterrupted()) {
                        return;
                    }
                }
            }
        }));
    }

    void end() {
        thread.interrupt();
    }
}
