package dev.mortise.billing.quota;

import dev.mortise.billing.ledger.Threshold;

/** Is told when a share of what a plan includes is used. */
@FunctionalInterface
public interface ThresholdListener {
    /**
     * Called by one process for each threshold, usually once: if that process dies or this throws, another one calls
     * again. May block.
     */
    void reached(Threshold threshold);
}
