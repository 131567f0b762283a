package dev.mortise.mcp.internal.observe;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** The values that one label may have: the first so many, and {@link #OTHER} for all that come after. Thread-safe. */
public final class Labels {
    public static final String OTHER = "other";
    private static final int LONGEST = 128;

    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final int atMost;

    public Labels(int atMost) {
        this.atMost = atMost;
    }

    /** @param known values that have their places already */
    public Labels(Set<String> known, int further) {
        this.known.addAll(known);
        this.atMost = known.size() + further;
    }

    /** The value, given a place if there is one left. Only for values that no client can make up. */
    public String learn(String value) {
        if (known.contains(value)) {
            return value;
        }
        if (value.length() > LONGEST || known.size() >= atMost) {
            return OTHER;
        }
        lock.lock();
        try {
            if (known.size() < atMost) {
                known.add(value);
            }
            return recall(value);
        } finally {
            lock.unlock();
        }
    }

    /** The value if it has its place already. */
    public String recall(String value) {
        return known.contains(value) ? value : OTHER;
    }
}
