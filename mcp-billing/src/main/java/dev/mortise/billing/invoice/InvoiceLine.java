package dev.mortise.billing.invoice;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.PlanRef;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * One line of an invoice. All lines of one item and billing period, on whatever invoices, add up to what is owed for it.
 *
 * @param item what it is for: {@code fee}, or {@code usage:METER:PLAN}
 * @param period the billing period that it belongs to
 * @param service the part of that for which it is
 * @param plan empty on a line of {@link Kind#INVOICED}
 * @param usage on lines for usage
 */
public record InvoiceLine(
        Kind kind,
        String item,
        Period period,
        Period service,
        Optional<PlanRef> plan,
        Optional<Usage> usage,
        Money amount) {
    /** What a line is. */
    public enum Kind {
        /** The price of a plan, for a period or a part of one. */
        FEE,
        /** Usage beyond what is included. */
        USAGE,
        /** What was invoiced for it before, taken off. */
        INVOICED
    }

    /**
     * What was used.
     *
     * @param quantity in the meter's units; an average has at most six decimals here, and all of them in its price
     * @param included for the time that the plan was in force
     * @param over how much of the quantity is beyond that
     * @param price as the plan has it, in words for people
     */
    public record Usage(
            String meter, BigDecimal quantity, Optional<BigDecimal> included, BigDecimal over, String price) {}
}
