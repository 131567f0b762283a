package dev.mortise.billing.subscription;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.plan.PlanRef;
import java.time.Instant;

/**
 * From when on a plan holds, until the next phase begins or the subscription ends.
 *
 * @param from in whole seconds
 * @param price of a whole period: the plan's, or what was agreed upon
 */
public record Phase(Instant from, PlanRef plan, Money price) {}
