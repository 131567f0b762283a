package dev.mortise.billing.invoice;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.period.Period;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * An invoice: what is still owed for the period that ended, and the price of the one that begins. A draft may be made
 * anew; a final one has a number and is never changed, in the database neither.
 *
 * @param sequence within the subscription, from 0: the first is for its beginning
 * @param closes the billing period that ended; empty for the first
 * @param opens the billing period that begins, and whose price is in it; empty when the subscription has ended
 * @param number without gaps among all final invoices; empty in a draft
 * @param total of the lines; may be negative, and is then kept as balance
 * @param balanceApplied of what earlier invoices and credit notes owed the tenant
 * @param credits that were used, by their ids
 * @param due the total less both; never negative
 * @param positions of the ledger, by meter, up to which usage is in it
 * @param subscriptionRevision that it was made from
 * @param plans as they were: the snapshot of all prices in it
 */
public record Invoice(
        String id,
        String tenant,
        String subscription,
        long sequence,
        Optional<Period> closes,
        Optional<Period> opens,
        Optional<String> number,
        Optional<Instant> issuedAt,
        List<InvoiceLine> lines,
        Money total,
        Money balanceApplied,
        Map<String, Money> credits,
        Money due,
        Map<String, Long> positions,
        long subscriptionRevision,
        List<JsonNode> plans) {
    public Invoice {
        lines = List.copyOf(lines);
        credits = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(credits));
        positions = java.util.Collections.unmodifiableMap(new TreeMap<>(positions));
        plans = List.copyOf(plans);
    }

    public boolean isFinal() {
        return number.isPresent();
    }

    public Currency currency() {
        return total.currency();
    }

    /** What this invoice adds to the tenant's balance: above zero where it is owed more than it owes. */
    public Money toBalance() {
        Money kept = total.isNegative() ? total.negated() : Money.zero(currency());
        return kept.minus(balanceApplied);
    }

    /** The same, paid with what there is, and final. */
    public Invoice issued(String newNumber, Instant at, Money fromBalance, Map<String, Money> fromCredits) {
        Money left = total.max(Money.zero(currency())).minus(fromBalance);
        for (Money credit : fromCredits.values()) {
            left = left.minus(credit);
        }
        return new Invoice(
                id,
                tenant,
                subscription,
                sequence,
                closes,
                opens,
                Optional.of(newNumber),
                Optional.of(at),
                lines,
                total,
                fromBalance,
                fromCredits,
                left,
                positions,
                subscriptionRevision,
                plans);
    }
}
