package dev.mortise.billing.ledger;

import java.time.Instant;

/**
 * So many percent of what is included were used. There is one for each period, percentage, and plan that includes another number.
 *
 * @param window the period; also of a level, such as what is stored, which itself has none
 * @param included units, at least 1
 * @param used units at the time
 */
public record Threshold(Window window, int percent, long included, long used, Instant reachedAt) {}
