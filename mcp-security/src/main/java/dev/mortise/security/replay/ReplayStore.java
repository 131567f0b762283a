package dev.mortise.security.replay;

import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;

/**
 * Remembers which calls were begun, by whom they are carried out, and how they ended. Owners, keys, digests and
 * claimants are up to 64 plain ASCII characters; times are the store's own. Thread-safe; everything blocks, and throws
 * {@link StoreUnavailable} if it cannot be told whether it happened.
 *
 * <p>A call belongs to the first who claims it, for as long as it is remembered, also if that one dies: then nobody
 * knows how it ended, and nobody may begin it again. Only its claimant can say later what came of it.
 */
public interface ReplayStore {
    /**
     * Claims a call.
     *
     * @param digest of what is asked for: the same key with another digest is another call
     * @param claimant unguessable, of this attempt alone
     */
    Claim claim(String owner, String key, String digest, String claimant, Terms terms);

    /** The claimant is alive, and carries on. Does nothing if the call is not its own, or has ended. */
    void renew(String owner, String key, String claimant, Terms terms);

    /**
     * The call has ended. Does nothing if it is not the claimant's, or has ended before.
     *
     * @return whether there was room for the outcome; if not, the call stays as it was
     */
    boolean finish(String owner, String key, String claimant, String outcome, Terms terms);

    /** Nothing was done: the call can be claimed again. Does nothing if it is not the claimant's, or has ended. */
    void release(String owner, String key, String claimant);

    /**
     * For how long, and how many.
     *
     * @param lease within which a claimant that is alive renews its claim
     * @param ttl for which a call is remembered, from its last change on; not shorter than the lease
     * @param mostOfOwner calls of one owner, at most: the oldest of those that have ended make room for others
     */
    record Terms(Duration lease, Duration ttl, int mostOfOwner) {}

    /** What became of a claim. */
    sealed interface Claim {
        /** It is the first: carry it out. */
        record First() implements Claim {}

        /** Somebody carries it out at this moment. */
        record Running() implements Claim {}

        /** It has ended. */
        record Done(String outcome) implements Claim {}

        /** Whoever carried it out has not been heard of for longer than the lease. */
        record Lost() implements Claim {}

        /** The key stands for another call. */
        record OtherCall() implements Claim {}

        /** No more calls of this owner, or none at all, can be remembered: too many have begun, and not ended. */
        record Full() implements Claim {}
    }
}
