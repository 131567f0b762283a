package dev.mortise.security.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where grants and approvals are kept. Thread-safe; it may block. Every
 * method throws {@link dev.mortise.mcp.store.StoreUnavailable} if the store does not answer.
 */
public interface AccessStore {
    /** Adds a grant; it is in the {@linkplain dev.mortise.security.standing.ChangeLog log} then. */
    void add(Grant grant);

    Optional<Grant> grant(String id);

    /** Grants of one caller that count at this time. */
    List<Grant> grantsOf(String identity, Instant now);

    /** Revokes a grant, if it is good; it is in the log then. */
    boolean revokeGrant(String id, Instant at);

    /** As {@link #approvals}, of grants, whatever has become of them. */
    List<Grant> grants(@Nullable String tenant, @Nullable String after, int limit);

    /**
     * Asks for a decision, unless the same is open already.
     *
     * @param mostOpen how many a caller may have open at once
     * @return the one that is open now; empty if the caller has too many
     */
    Optional<Approval> request(Approval approval, int mostOpen, Instant now);

    Optional<Approval> approval(String id);

    /**
     * Decides what is pending and has not expired.
     *
     * @param granted what comes of it, in the same step
     * @return whether this was the decision
     */
    boolean decide(String id, Approval.Status decision, String by, Instant at, @Nullable Grant granted);

    /** Takes back what is pending or approved, and not used. */
    boolean revokeApproval(String id, String by, Instant at);

    /**
     * Uses an approval up. For the rounds of one logical call it counts once each, in their order.
     *
     * @return whether this call may go on: of all who ask, on whatever replica, one
     */
    boolean use(String id, String call, int round, Instant now);

    /**
     * Takes back the use of an approval by a call that was refused before it began: it counts as approved again, until it
     * expires.
     *
     * @param round in which the call used it
     * @return whether it was this call, in this round, that had used it
     */
    boolean giveBack(String id, String call, int round);

    /** The approval that a logical call has used. */
    Optional<Approval> usedBy(String call);

    /**
     * Approvals in the order of their ids.
     *
     * @param tenant {@code null} for those of all tenants
     * @param status {@code null} for any
     * @param after the id that the stretch begins behind; {@code null}: at the start
     */
    List<Approval> approvals(
            @Nullable String tenant, Approval.@Nullable Status status, @Nullable String after, int limit);

    /** Forgets what ended before this time. */
    void sweep(Instant before);
}
