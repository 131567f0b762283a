package dev.mortise.billing.subscription;

import dev.mortise.billing.period.Period;

/**
 * A part of a billing period in which nothing changed.
 *
 * @param trial whether its price is not charged
 */
public record Segment(Period time, Phase phase, boolean trial) {}
