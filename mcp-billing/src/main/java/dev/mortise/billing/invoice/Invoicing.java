package dev.mortise.billing.invoice;

import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.UsageReader;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.period.BillingCycle;
import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.PlanJson;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.Plans;
import dev.mortise.billing.subscription.Phase;
import dev.mortise.billing.subscription.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Makes drafts: what is owed for the periods that an invoice is about, less what was invoiced for them before. An event
 * that arrives when its period is invoiced already is found by its position in the ledger, and what it changes stands on
 * the next invoice. Thread-safe.
 */
public final class Invoicing {
    private static final int PAGE = 10_000;

    private final Plans plans;
    private final UsageReader usage;
    private final Rating rating;

    public Invoicing(Plans plans, UsageReader usage) {
        this.plans = plans;
        this.usage = usage;
        this.rating = new Rating(plans, usage);
    }

    /**
     * What an invoice has to know of those before it.
     *
     * @param invoiced what was invoiced of each item, by the start of its billing period
     * @param positions up to which usage was invoiced
     */
    public record Before(Map<Key, Money> invoiced, Map<String, Long> positions) {
        public static final Before NOTHING = new Before(Map.of(), Map.of());
    }

    /** An item of a billing period. */
    public record Key(Instant periodStart, String item) {}

    /** When an invoice of a subscription may be made: when the period that it closes has ended. */
    public static Instant dueAt(Subscription subscription, long sequence) {
        if (sequence == 0) {
            return subscription.start();
        }
        BillingCycle cycle = subscription.cycle();
        long closing = cycle.numberAt(subscription.start()) + sequence - 1;
        Instant boundary = cycle.boundary(closing + 1);
        return subscription
                .endsAt()
                .filter(end -> end.isBefore(boundary) && end.isAfter(cycle.boundary(closing)))
                .orElse(boundary);
    }

    /** Whether an invoice is made whatever is in it: also one of nothing but zeros. Later ones are only if needed. */
    public static boolean isRegular(Subscription subscription, long sequence) {
        if (sequence == 0) {
            return true;
        }
        BillingCycle cycle = subscription.cycle();
        long closing = cycle.numberAt(subscription.start()) + sequence - 1;
        return subscription.segments(cycle.period(closing)).stream().findAny().isPresent();
    }

    /** Makes the draft. Nothing is stored. */
    public Invoice draft(String id, Subscription subscription, long sequence, Before before) {
        BillingCycle cycle = subscription.cycle();
        long opening = cycle.numberAt(subscription.start()) + sequence;
        Optional<Period> closes = sequence == 0 ? Optional.empty() : Optional.of(cycle.period(opening - 1));
        Period next = cycle.period(opening);
        Map<String, Long> positions = positions(subscription);
        List<InvoiceLine> lines = new ArrayList<>();
        for (Period period : reopened(subscription, closes, positions, before)) {
            lines.addAll(adjusted(subscription, period, positions, before));
        }
        closes.ifPresent(period -> lines.addAll(closing(subscription, period, positions, before)));
        boolean goesOn = subscription.isLive(next.start()) || sequence == 0;
        if (goesOn) {
            lines.addAll(rating.fees(subscription, next));
        }
        Money total = lines.stream().map(InvoiceLine::amount).reduce(Money.zero(subscription.currency()), Money::plus);
        return new Invoice(
                id,
                subscription.tenant(),
                subscription.id(),
                sequence,
                closes,
                goesOn ? Optional.of(next) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                lines,
                total,
                Money.zero(subscription.currency()),
                Map.of(),
                total.max(Money.zero(subscription.currency())),
                positions,
                subscription.revision(),
                snapshot(subscription));
    }

    /** Of every meter that any plan of the subscription knows. Read before anything is added up. */
    private Map<String, Long> positions(Subscription subscription) {
        Map<String, Long> positions = new TreeMap<>();
        for (Phase phase : subscription.phases()) {
            for (String meter : plans.get(phase.plan()).meters().keySet()) {
                positions.computeIfAbsent(meter, name -> usage.position(subscription.tenant(), name));
            }
        }
        return positions;
    }

    private List<JsonNode> snapshot(Subscription subscription) {
        SequencedMap<PlanRef, JsonNode> snapshot = new LinkedHashMap<>();
        subscription.phases().forEach(phase -> snapshot.put(phase.plan(), PlanJson.write(plans.get(phase.plan()))));
        return List.copyOf(snapshot.values());
    }

    /** Earlier periods in which something was used that is told of only now. */
    private List<Period> reopened(
            Subscription subscription, Optional<Period> closes, Map<String, Long> positions, Before before) {
        TreeSet<Period> periods = new TreeSet<>(Comparator.comparing(Period::start));
        if (closes.isEmpty()) {
            return List.of();
        }
        positions.forEach((meter, position) -> {
            // A level that changed late has changed in all periods since.
            long last = before.positions().getOrDefault(meter, 0L);
            while (last < position) {
                UsageQuery query = UsageQuery.of(
                                subscription.tenant(),
                                meter,
                                Instant.EPOCH,
                                closes.get().start())
                        .after(last)
                        .through(position);
                List<LedgerEntry> page = usage.entries(query, PAGE);
                page.stream()
                        .map(LedgerEntry::at)
                        .min(Comparator.naturalOrder())
                        .ifPresent(first -> since(subscription, first, closes.get(), periods));
                last = page.size() < PAGE ? position : page.getLast().position();
            }
        });
        return List.copyOf(periods);
    }

    private static void since(Subscription subscription, Instant first, Period closes, Set<Period> into) {
        BillingCycle cycle = subscription.cycle();
        Instant from = first.isBefore(subscription.start()) ? subscription.start() : first;
        for (long number = cycle.numberAt(from); cycle.boundary(number).isBefore(closes.start()); number++) {
            into.add(cycle.period(number));
        }
    }

    /** What is owed for an earlier period now, less what was invoiced, where that differs. */
    private List<InvoiceLine> adjusted(
            Subscription subscription, Period period, Map<String, Long> positions, Before before) {
        List<InvoiceLine> lines = new ArrayList<>();
        Map<String, Money> invoiced = invoiced(period, before);
        for (InvoiceLine owed : rating.usage(subscription, period, positions)) {
            Money earlier = invoiced.remove(owed.item());
            if (earlier == null ? !owed.amount().isZero() : !earlier.equals(owed.amount())) {
                takeOff(period, owed.item(), earlier).ifPresent(lines::add);
                lines.add(owed);
            }
        }
        invoiced.remove(Rating.FEE);
        invoiced.forEach((item, amount) -> takeOff(period, item, amount).ifPresent(lines::add));
        return lines;
    }

    private List<InvoiceLine> closing(
            Subscription subscription, Period period, Map<String, Long> positions, Before before) {
        List<InvoiceLine> lines = new ArrayList<>();
        Map<String, Money> invoiced = invoiced(period, before);
        List<InvoiceLine> fees = rating.fees(subscription, period);
        Money earlier = invoiced.get(Rating.FEE);
        Money owed = fees.stream().map(InvoiceLine::amount).reduce(Money.zero(subscription.currency()), Money::plus);
        if (!owed.equals(Objects.requireNonNullElse(earlier, Money.zero(subscription.currency())))) {
            takeOff(period, Rating.FEE, earlier).ifPresent(lines::add);
            lines.addAll(fees);
        }
        lines.addAll(rating.usage(subscription, period, positions));
        return lines;
    }

    private static Map<String, Money> invoiced(Period period, Before before) {
        Map<String, Money> items = new HashMap<>();
        before.invoiced().forEach((key, amount) -> {
            if (key.periodStart().equals(period.start())) {
                items.put(key.item(), amount);
            }
        });
        return new TreeMap<>(items);
    }

    private static Optional<InvoiceLine> takeOff(
            Period period, String item, @org.jspecify.annotations.Nullable Money earlier) {
        return earlier == null || earlier.isZero()
                ? Optional.empty()
                : Optional.of(new InvoiceLine(
                        InvoiceLine.Kind.INVOICED,
                        item,
                        period,
                        period,
                        Optional.empty(),
                        Optional.empty(),
                        earlier.negated()));
    }
}
