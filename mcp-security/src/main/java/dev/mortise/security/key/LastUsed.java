package dev.mortise.security.key;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When keys were used last, written now and then for all of them at once. Thread-safe. */
final class LastUsed {
    private static final Logger LOG = LoggerFactory.getLogger(LastUsed.class);
    private static final int MOST = 100_000;

    private final KeyStore store;
    private final Map<String, Instant> times = new ConcurrentHashMap<>();

    LastUsed(KeyStore store) {
        this.store = store;
    }

    /** Takes note, without blocking. While the store does not take them, further keys are left out. */
    void note(String id, Instant now) {
        if (times.size() < MOST || times.containsKey(id)) {
            times.put(id, now);
        }
    }

    /** Writes what was noted; what cannot be written waits for the next time. */
    void write() {
        Map<String, Instant> batch = new HashMap<>(times);
        if (batch.isEmpty()) {
            return;
        }
        try {
            store.used(batch);
            batch.forEach(times::remove);
        } catch (RuntimeException e) {
            LOG.debug("When keys were used is written later", e);
        }
    }
}
