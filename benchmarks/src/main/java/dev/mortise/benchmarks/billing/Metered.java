package dev.mortise.benchmarks.billing;

import dev.mortise.mcp.store.jdbc.Durability;

/** How a call is metered. */
public enum Metered {
    /** Not at all. */
    NONE,
    /** Into a ledger in memory that costs nothing: what is left is the call's own part. */
    NOWHERE,
    /** The call waits until its charge has left this process. Those that wait at once share a batch. */
    WRITTEN,
    /** As that, and the result has a receipt, signed by HMAC. */
    WITH_HMAC,
    /** As that, and the result has a receipt, signed with Ed25519. */
    WITH_ED25519,
    /** The call waits until the disk has its charge. */
    SYNCED;

    Durability durability() {
        return this == SYNCED ? Durability.SYNCED : Durability.WRITTEN;
    }

    /** Whether it makes sense there: Redis is asked before the ledger, and promises no more than that it has it. */
    boolean isOf(String database) {
        return this != SYNCED || !database.equals("redis");
    }
}
