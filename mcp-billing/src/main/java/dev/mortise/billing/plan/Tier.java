package dev.mortise.billing.plan;

import dev.mortise.billing.money.Rate;
import java.util.OptionalLong;

/**
 * Units up to a bound, and what they cost.
 *
 * @param upTo units beyond what is included, counted from the first of them; empty for all that follow
 */
public record Tier(OptionalLong upTo, Rate rate) {}
