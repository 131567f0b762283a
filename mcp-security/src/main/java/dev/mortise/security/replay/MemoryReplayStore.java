package dev.mortise.security.replay;

import dev.mortise.mcp.resilience.Ticker;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Remembers calls in this process, for as long as it lives: what is sent again after a restart is carried out again. */
public final class MemoryReplayStore implements ReplayStore {
    private static final int CAPACITY = 10_000;
    private static final long BYTES = 64L * 1024 * 1024;
    /** In bytes: what is not larger is kept whatever else is. */
    private static final int SMALLEST = 100;

    private final int capacity;
    private final long maxBytes;
    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    /** Those that changed last come last. */
    private final Map<Name, Entry> entries = new LinkedHashMap<>();
    /** In the same order. */
    private final Map<String, Set<Name>> ofOwners = new HashMap<>();

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

    /**
     * At most 10,000 calls, and 64 MiB of outcomes: the oldest of those that have ended make room for others, the owner's own
     * first.
     */
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
            if (!makeRoom(owner, terms, now)) {
                return new Claim.Full();
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

    private boolean makeRoom(String owner, Terms terms, long now) {
        return (of(owner).size() < terms.mostOfOwner() || forgetOldest(of(owner), now))
                && (entries.size() < capacity || forgetOneFor(owner, now));
    }

    /** One of the owner's own if there is one: nobody else is to forget for somebody who calls much. */
    private boolean forgetOneFor(String owner, long now) {
        return forgetOldest(of(owner), now) || forgetOldest(entries.keySet(), now);
    }

    private Set<Name> of(String owner) {
        return ofOwners.getOrDefault(owner, Set.of());
    }

    /** Of those that have ended or expired. @return whether there was one */
    private boolean forgetOldest(Set<Name> names, long now) {
        for (Name name : names) {
            Entry entry = entries.get(name);
            if (entry != null && (entry.outcome() != null || entry.expires() - now <= 0)) {
                remove(name);
                return true;
            }
        }
        return false;
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
            long now = ticker.nanos();
            // A mark that there was no room always has some.
            if (outcome.length() > SMALLEST && !makeRoomFor(owner, outcome.length(), now)) {
                return false;
            }
            put(name, new Entry(entry.digest(), claimant, entry.leaseUntil(), expires(now, terms), outcome));
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean makeRoomFor(String owner, int more, long now) {
        if (more > maxBytes) {
            return false;
        }
        boolean found = true;
        while (found && bytes + more > maxBytes) {
            found = forgetOneFor(owner, now);
        }
        return found;
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
        remove(name);
        entries.put(name, entry);
        ofOwners.computeIfAbsent(name.owner(), owner -> new LinkedHashSet<>()).add(name);
        bytes += entry.bytes();
    }

    private void remove(Name name) {
        Entry removed = entries.remove(name);
        if (removed != null) {
            bytes -= removed.bytes();
            ofOwners.computeIfPresent(name.owner(), (owner, names) -> {
                names.remove(name);
                return names.isEmpty() ? null : names;
            });
        }
    }

    private static long leaseUntil(long now, Terms terms) {
        return now + terms.lease().toNanos();
    }

    private static long expires(long now, Terms terms) {
        return now + terms.ttl().toNanos();
    }
}
