package dev.mortise.security.key;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where keys are kept. Every change is in the {@linkplain dev.mortise.security.standing.ChangeLog log} once it is made.
 * Thread-safe; it may block. Every
 * method throws {@link dev.mortise.mcp.store.StoreUnavailable} if the store does not answer.
 */
public interface KeyStore {
    /**
     * Adds a key.
     *
     * @return false if its parent is not good any more
     * @throws IllegalArgumentException if there is one with its id
     */
    boolean add(StoredKey key, Instant now);

    Optional<StoredKey> find(String id);

    /**
     * Adds a key in the place of another, whose children become its own, as the other does, and what was spent with it. The other ends at the given time, if it does not
     * end before.
     *
     * @return false if the other is not good any more, or has not the parent of its successor: it was replaced meanwhile
     */
    boolean replace(String id, StoredKey successor, Instant end, Instant now);

    /** Revokes a key and all that descend from it; false if there is none, or it was revoked before. */
    boolean revoke(String id, Instant at);

    /**
     * Takes units from what a key may spend in all, and from what each key that it descends from may: from all of them, or
     * from none. Those without a limit are asked for nothing.
     *
     * @param units at least 1
     * @return false if one of them does not have as many left
     */
    boolean spend(String id, long units);

    /** Takes back a {@link #spend}. */
    void giveBack(String id, long units);

    /**
     * Keeps what was {@linkplain #spend spent} for a call that pauses, until it goes on.
     *
     * @param payment names it, and was never given here before
     */
    void keepPayment(String payment, Instant now);

    /** Takes out what was kept; false if it is not there, or was taken before. Of several who try at once one gets it. */
    boolean takePayment(String payment);

    /** Forgets what was kept before this time. */
    void sweep(Instant before);

    /** What a key that has a limit has spent, together with those that descend from it; 0 if it is unknown. */
    long spent(String id);

    /** Takes down when keys were used last, as far as it was not later already. */
    void used(Map<String, Instant> times);

    /**
     * Keys in the order of their ids, revoked and expired ones included.
     *
     * @param tenant {@code null} for those of all tenants
     * @param after the id that the stretch begins behind; {@code null}: at the start
     */
    List<StoredKey> list(@Nullable String tenant, @Nullable String after, int limit);
}
