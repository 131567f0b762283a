package dev.mortise.security.replay;

import dev.mortise.mcp.resilience.Ticker;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Remembers calls in this process, for as long as it lives: what is sent again after a restart is carried out again. */
public final class MemoryReplayStore implements ReplayStore {
    private static final int CAPACITY = 10_000;
    private static final long BYTES = 64L * 1024 * 1024;

    private final int capacity;
    private final long maxBytes;
    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Name, Entry> entries = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private long bytes;

    private record Name(String owner, String key) {}

    private record Entry(
            String digest,
            String claimant,
            long leaseUntil,
            long expires,
            @Nullable String outcome) {
        int bytes() {
            return outcome == null ? 0 : outcome.length();
        }
    }

    /** At most 10,000 calls, and 64 MiB of outcomes. */
    public MemoryReplayStore() {
        this(CAPACITY, BYTES, Ticker.system());
    }

    public MemoryReplayStore(int maxCalls, long maxBytes, Ticker ticker) {
        this.capacity = maxCalls;
        this.maxBytes = maxBytes;
        this.ticker = ticker;
    }

    @Override
    public Claim claim(String owner, String key, String digest, String claimant, Terms terms) {
        lock.lock();
        try {
            long now = ticker.nanos();
            Name name = new Name(owner, key);
            Entry entry = entries.get(name);
            if (entry != null && entry.expires() - now > 0) {
                return standing(entry, digest, now);
            }
            if (entry != null) {
                remove(name);
            }
            if (isFull(owner, terms)) {
                entries.entrySet().stream()
                        .filter(old -> old.getValue().expires() - now <= 0)
                        .map(Map.Entry::getKey)
                        .toList()
                        .forEach(this::remove);
                if (isFull(owner, terms)) {
                    return new Claim.Full();
                }
            }
            put(name, new Entry(digest, claimant, leaseUntil(now, terms), expires(now, terms), null));
            return new Claim.First();
        } finally {
            lock.unlock();
        }
    }

    private static Claim standing(Entry entry, String digest, long now) {
        if (!entry.digest().equals(digest)) {
            return new Claim.OtherCall();
        }
        if (entry.outcome() != null) {
            return new Claim.Done(entry.outcome());
        }
        return entry.leaseUntil() - now > 0 ? new Claim.Running() : new Claim.Lost();
    }

    private boolean isFull(String owner, Terms terms) {
        return entries.size() >= capacity || counts.getOrDefault(owner, 0) >= terms.mostOfOwner();
    }

    @Override
    public void renew(String owner, String key, String claimant, Terms terms) {
        lock.lock();
        try {
            Name name = new Name(owner, key);
            Entry entry = unended(name, claimant);
            if (entry != null) {
                long now = ticker.nanos();
                put(name, new Entry(entry.digest(), claimant, leaseUntil(now, terms), expires(now, terms), null));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean finish(String owner, String key, String claimant, String outcome, Terms terms) {
        lock.lock();
        try {
            Name name = new Name(owner, key);
            Entry entry = unended(name, claimant);
            if (entry == null) {
                return true;
            }
            // A mark that there was no room always has some.
            if (bytes + outcome.length() > maxBytes && outcome.length() > 100) {
                return false;
            }
            put(name, new Entry(entry.digest(), claimant, entry.leaseUntil(), expires(ticker.nanos(), terms), outcome));
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void release(String owner, String key, String claimant) {
        lock.lock();
        try {
            Name name = new Name(owner, key);
            if (unended(name, claimant) != null) {
                remove(name);
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Entry unended(Name name, String claimant) {
        Entry entry = entries.get(name);
        return entry != null && entry.outcome() == null && entry.claimant().equals(claimant) ? entry : null;
    }

    private void put(Name name, Entry entry) {
        Entry before = entries.put(name, entry);
        if (before == null) {
            counts.merge(name.owner(), 1, Integer::sum);
        } else {
            bytes -= before.bytes();
        }
        bytes += entry.bytes();
    }

    private void remove(Name name) {
        Entry removed = entries.remove(name);
        if (removed != null) {
            bytes -= removed.bytes();
            counts.computeIfPresent(name.owner(), (owner, count) -> count > 1 ? count - 1 : null);
        }
    }

    private static long leaseUntil(long now, Terms terms) {
        return now + terms.lease().toNanos();
    }

    private static long expires(long now, Terms terms) {
        return now + terms.ttl().toNanos();
    }
}
