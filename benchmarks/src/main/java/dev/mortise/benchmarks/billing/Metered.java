package dev.mortise.benchmarks.billing;

import dev.mortise.mcp.store.jdbc.Durability;
import java.util.Optional;

/** How a call is metered. */
public enum Metered {
    /** Not at all. */
    NONE,
    /** The call waits until its charge has left this process. Those that wait at once share a batch. */
    WRITTEN,
    /** The call waits until the disk has its charge. */
    SYNCED;

    Optional<Durability> durability() {
        return this == NONE ? Optional.empty() : Optional.of(Durability.valueOf(name()));
    }
}
