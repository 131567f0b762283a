package dev.mortise.benchmarks.production;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What one tenant owes, as the invoices of a subscription that was cancelled say it, beside what follows from the plan, the time
 * and the calls: reckoned here with nothing of the service's own code.
 *
 * @param start of the subscription
 * @param end of it, within its first month
 * @param quantity of calls that were invoiced
 * @param usage what is asked for them
 * @param fee what is asked for the time, after what was asked in advance is taken off
 * @param total of all invoices
 */
record Bill(Instant start, Instant end, long quantity, BigDecimal usage, BigDecimal fee, BigDecimal total) {
    /** Of a month, in advance. */
    static final BigDecimal PRICE = new BigDecimal("30.00");

    /** Of a call, none of which is included. */
    static final BigDecimal RATE = new BigDecimal("0.0137");

    /** The plan of all who take part in a load: what they use has a price. */
    static final String PLAN = """
            {"id": "load", "version": 1, "name": "Load", "currency": "USD", "price": "%s", "months": 1,
             "meters": {"api_calls": {"included": 0, "overage": {"model": "flat", "rate": "%s"}},
                        "storage": {"measure": "average"}, "ai_operations": {}}}
            """.formatted(PRICE, RATE);

    /** What its invoices say, final ones and drafts. */
    static Bill of(JsonNode subscription, List<JsonNode> invoices) {
        long quantity = 0;
        BigDecimal usage = BigDecimal.ZERO;
        BigDecimal fee = BigDecimal.ZERO;
        BigDecimal total = BigDecimal.ZERO;
        for (JsonNode invoice : invoices) {
            total = total.add(amount(invoice.path("total")));
            for (JsonNode line : invoice.path("lines")) {
                BigDecimal amount = amount(line.path("amount"));
                if (line.path("item").asString("").equals("fee")) {
                    fee = fee.add(amount);
                } else {
                    usage = usage.add(amount);
                    // Other meters are on the invoice, too; nothing is asked for them.
                    boolean calls = line.at("/usage/meter").asString("").equals("api_calls");
                    quantity += calls ? line.at("/usage/quantity").asLong(0) : 0;
                }
            }
        }
        return new Bill(
                Instant.parse(subscription.at("/phases/0/from").asString("")),
                Instant.parse(subscription.path("endsAt").asString("")),
                quantity,
                usage,
                fee,
                total);
    }

    /** In dollars, of which a cent is the least. */
    private static BigDecimal amount(JsonNode money) {
        return BigDecimal.valueOf(money.path("minor").asLong(0), 2);
    }

    /**
     * What is wrong with it, in words; empty if all agrees.
     *
     * @param tenant for the words
     * @param used units that the ledger has
     * @param certain units that clients know of
     * @param perhaps units of which clients do not know
     */
    List<String> disagreements(String tenant, long used, long certain, long perhaps) {
        List<String> wrong = new ArrayList<>();
        if (quantity != used) {
            wrong.add("%s is invoiced %d units, and the ledger has %d".formatted(tenant, quantity, used));
        }
        if (quantity < certain || quantity > certain + perhaps) {
            wrong.add("%s is invoiced %d units, and clients saw %d, and perhaps %d more"
                    .formatted(tenant, quantity, certain, perhaps));
        }
        different(wrong, tenant, "calls", usage, rounded(RATE.multiply(BigDecimal.valueOf(quantity))));
        different(wrong, tenant, "the plan", fee, expectedFee());
        different(wrong, tenant, "all together", total, usage.add(fee));
        return wrong;
    }

    /** For the seconds that it lasted, of those that a month from its start has. */
    private BigDecimal expectedFee() {
        Instant month = start.atZone(ZoneOffset.UTC).plusMonths(1).toInstant();
        BigDecimal lasted = BigDecimal.valueOf(ChronoUnit.SECONDS.between(start, end));
        BigDecimal whole = BigDecimal.valueOf(ChronoUnit.SECONDS.between(start, month));
        return rounded(PRICE.multiply(lasted).divide(whole, MathContext.DECIMAL128));
    }

    private static BigDecimal rounded(BigDecimal exact) {
        return exact.setScale(2, RoundingMode.HALF_EVEN);
    }

    private static void different(
            List<String> wrong, String tenant, String what, BigDecimal found, BigDecimal expected) {
        if (found.compareTo(expected) != 0) {
            wrong.add("%s owes %s for %s, where %s is right".formatted(tenant, found, what, expected));
        }
    }
}
