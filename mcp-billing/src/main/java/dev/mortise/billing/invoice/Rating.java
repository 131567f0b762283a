package dev.mortise.billing.invoice;

import dev.mortise.billing.ledger.GaugeUsage;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.UsageReader;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.money.Rate;
import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.Measure;
import dev.mortise.billing.plan.MeterTerms;
import dev.mortise.billing.plan.Overage;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.Plans;
import dev.mortise.billing.subscription.Segment;
import dev.mortise.billing.subscription.Subscription;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a subscription owes for a billing period, whatever was invoiced of it. Depends on nothing but the history of the
 * subscription, the plans, and the usage up to given positions: the same for ever. Thread-safe.
 *
 * <p>The price of a period is the sum of the prices of the plans, each for its seconds of the period's, rounded once. The
 * parts that are shown add up to it. Usage is rated for each plan by itself, over all the time in the period that it was
 * in force: what it includes and the bounds of its tiers are for that share of the period. So it makes no difference
 * how often somebody changes to and fro.
 */
final class Rating {
    static final String FEE = "fee";

    private static final BigInteger MILLIS = BigInteger.valueOf(1000);
    private static final int SHOWN_DECIMALS = 6;

    private final Plans plans;
    private final UsageReader reader;

    Rating(Plans plans, UsageReader reader) {
        this.plans = plans;
        this.reader = reader;
    }

    /** The price of the plans, by parts of the period. */
    List<InvoiceLine> fees(Subscription subscription, Period period) {
        List<Segment> charged = subscription.segments(period).stream()
                .filter(segment -> !segment.trial())
                .toList();
        List<BigInteger> weights = charged.stream()
                .map(segment -> BigInteger.valueOf(segment.phase().price().minor())
                        .multiply(BigInteger.valueOf(segment.time().seconds())))
                .toList();
        BigInteger weight = weights.stream().reduce(BigInteger.ZERO, BigInteger::add);
        if (weight.signum() == 0) {
            return List.of();
        }
        int exponent = Money.zero(subscription.currency()).exponent();
        Money total = Money.quotient(
                new BigDecimal(weight, exponent), BigInteger.valueOf(period.seconds()), subscription.currency());
        List<Money> parts = total.allocate(weights);
        List<InvoiceLine> lines = new ArrayList<>();
        for (int i = 0; i < charged.size(); i++) {
            Segment segment = charged.get(i);
            if (weights.get(i).signum() > 0) {
                lines.add(new InvoiceLine(
                        InvoiceLine.Kind.FEE,
                        FEE,
                        period,
                        segment.time(),
                        Optional.of(segment.phase().plan()),
                        Optional.empty(),
                        parts.get(i)));
            }
        }
        return List.copyOf(lines);
    }

    /**
     * Usage, by meter and plan; only what has a price, or was used.
     *
     * @param positions through which each meter is read; of others nothing is
     */
    List<InvoiceLine> usage(Subscription subscription, Period period, Map<String, Long> positions) {
        Map<PlanRef, List<Segment>> byPlan = new LinkedHashMap<>();
        for (Segment segment : subscription.segments(period)) {
            byPlan.computeIfAbsent(segment.phase().plan(), plan -> new ArrayList<>())
                    .add(segment);
        }
        List<InvoiceLine> lines = new ArrayList<>();
        byPlan.forEach((ref, segments) -> {
            Plan plan = plans.get(ref);
            plan.meters().forEach((meter, terms) -> {
                Long position = positions.get(meter);
                if (position != null) {
                    line(subscription, period, plan, segments, meter, terms, position)
                            .ifPresent(lines::add);
                }
            });
        });
        return List.copyOf(lines);
    }

    private Optional<InvoiceLine> line(
            Subscription subscription,
            Period period,
            Plan plan,
            List<Segment> segments,
            String meter,
            MeterTerms terms,
            long position) {
        Share share = new Share(
                segments.stream().mapToLong(segment -> segment.time().seconds()).sum(), period.seconds());
        BigInteger scale = switch (terms.measure()) {
            case SUM -> BigInteger.ONE;
            case PEAK -> BigInteger.valueOf(period.seconds());
            case AVERAGE -> BigInteger.valueOf(period.seconds()).multiply(MILLIS);
        };
        BigInteger quantity = quantity(subscription.tenant(), meter, terms.measure(), segments, share, position);
        if (quantity.signum() <= 0) {
            return Optional.empty();
        }
        Optional<BigInteger> included = terms.included().isEmpty()
                ? Optional.empty()
                : Optional.of(share.of(terms.included().getAsLong(), scale));
        BigInteger over =
                included.map(quantity::subtract).orElse(BigInteger.ZERO).max(BigInteger.ZERO);
        Money amount = terms.overage()
                .map(overage -> OverageRating.price(overage, over, scale, share).rounded(plan.currency()))
                .orElse(Money.zero(plan.currency()));
        return Optional.of(new InvoiceLine(
                InvoiceLine.Kind.USAGE,
                "usage:" + meter + ":" + plan.ref(),
                period,
                new Period(
                        segments.getFirst().time().start(),
                        segments.getLast().time().end()),
                Optional.of(plan.ref()),
                Optional.of(new InvoiceLine.Usage(
                        meter,
                        shown(quantity, scale),
                        included.map(amountIncluded -> shown(amountIncluded, scale)),
                        shown(over, scale),
                        terms.overage().map(Rating::words).orElse(""))),
                amount));
    }

    /** In parts: of a sum, units; of a peak, units times seconds; of an average, units times milliseconds. */
    private BigInteger quantity(
            String tenant, String meter, Measure measure, List<Segment> segments, Share share, long position) {
        BigInteger sum = BigInteger.ZERO;
        long peak = 0;
        for (Segment segment : segments) {
            UsageQuery query = UsageQuery.of(
                            tenant,
                            meter,
                            segment.time().start(),
                            segment.time().end())
                    .through(position);
            switch (measure) {
                case SUM ->
                    sum = sum.add(BigInteger.valueOf(reader.counted(query).quantity()));
                case PEAK -> peak = Math.max(peak, reader.gauged(query).peak());
                case AVERAGE -> {
                    GaugeUsage usage = reader.gauged(query);
                    sum = sum.add(usage.unitMillis());
                }
            }
        }
        return measure == Measure.PEAK ? BigInteger.valueOf(peak).multiply(BigInteger.valueOf(share.seconds())) : sum;
    }

    private static BigDecimal shown(BigInteger parts, BigInteger scale) {
        BigDecimal units = new BigDecimal(parts)
                .divide(new BigDecimal(scale), SHOWN_DECIMALS, RoundingMode.HALF_EVEN)
                .stripTrailingZeros();
        return units.scale() < 0 ? units.setScale(0) : units;
    }

    private static String words(Overage overage) {
        return switch (overage) {
            case Overage.Flat flat -> words(flat.rate());
            case Overage.Packages packages -> "⌈ " + words(packages.rate()) + " ⌉";
            case Overage.Tiered tiered ->
                words(tiered.tiers().getFirst().rate()) + " … "
                        + words(tiered.tiers().getLast().rate());
            case Overage.Volume volume ->
                words(volume.tiers().getFirst().rate()) + " … "
                        + words(volume.tiers().getLast().rate());
        };
    }

    private static String words(Rate rate) {
        return rate.toString();
    }
}
