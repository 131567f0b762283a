package dev.mortise.billing.books;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a tenant owes, worked out anew from raw events with fractions, slowly. Shares no code with what it checks: neither
 * money, nor periods, nor plans, nor rating.
 */
final class Oracle {
    static final String END = "";

    /** A fraction, never rounded but where it says so. */
    record Fraction(BigInteger over, BigInteger under) {
        static final Fraction ZERO = of(0, 1);

        static Fraction of(long over, long under) {
            return new Fraction(BigInteger.valueOf(over), BigInteger.valueOf(under));
        }

        static Fraction of(BigDecimal decimal) {
            return new Fraction(decimal.setScale(15).unscaledValue(), BigInteger.TEN.pow(15));
        }

        Fraction plus(Fraction other) {
            return new Fraction(
                    over.multiply(other.under).add(other.over.multiply(under)), under.multiply(other.under));
        }

        Fraction minus(Fraction other) {
            return plus(new Fraction(other.over.negate(), other.under));
        }

        Fraction times(Fraction other) {
            return new Fraction(over.multiply(other.over), under.multiply(other.under));
        }

        Fraction min(Fraction other) {
            return minus(other).over.signum() <= 0 ? this : other;
        }

        Fraction floor() {
            BigInteger[] parts = over.divideAndRemainder(under);
            BigInteger down = parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
            return new Fraction(down, BigInteger.ONE);
        }

        /** To a whole number; of two that are as near, the even one. */
        long rounded() {
            Fraction down = floor();
            int half = minus(down).times(of(2, 1)).minus(of(1, 1)).over.signum();
            boolean up = half > 0 || (half == 0 && down.over.testBit(0));
            return down.over.add(up ? BigInteger.ONE : BigInteger.ZERO).longValueExact();
        }
    }

    /** How one meter is priced. Models: none, flat, tiered, volume, package. Bounds and rates in parallel. */
    record Price(String measure, Long included, String model, long per, List<Long> bounds, List<String> rates) {}

    /** Price of a period in the smallest unit; meters by name. */
    record Terms(long minor, int exponent, int trialDays, Map<String, Price> meters) {}

    record Event(String meter, long quantity, Instant at) {}

    private final Map<String, Terms> plans;
    final LocalDateTime anchor;
    final ZoneId zone;
    final Instant start;
    final Instant trialEnd;
    /** Which plan from when on; {@link #END} where there is none any more. */
    final TreeMap<Instant, String> timeline = new TreeMap<>();

    final List<Event> events;

    Oracle(
            Map<String, Terms> plans,
            String plan,
            ZoneId zone,
            LocalDateTime anchor,
            Instant start,
            List<Event> events) {
        this.plans = plans;
        this.zone = zone;
        this.anchor = anchor;
        this.start = start;
        this.events = events;
        this.trialEnd = start.atZone(zone).plusDays(plans.get(plan).trialDays()).toInstant();
        timeline.put(start, plan);
    }

    Instant boundary(long number) {
        return anchor.plusMonths(number).atZone(zone).toInstant();
    }

    long firstPeriod() {
        long number = 0;
        while (!boundary(number + 1).isAfter(start)) {
            number++;
        }
        return number;
    }

    void change(Instant from, Instant now, String plan) {
        timeline.tailMap(now, false).clear();
        timeline.put(from, plan);
    }

    private String planAt(Instant at) {
        Map.Entry<Instant, String> entry = timeline.floorEntry(at);
        return entry == null ? END : entry.getValue();
    }

    boolean isLive(Instant at) {
        return !planAt(at).equals(END);
    }

    /** All that is owed once this many periods are closed, and the next one is paid in advance. */
    long owed(long sequence) {
        long first = firstPeriod();
        long sum = 0;
        for (long number = first; number < first + sequence; number++) {
            sum += fee(number) + usage(number);
        }
        Instant next = boundary(first + sequence);
        return sequence == 0 || isLive(next) ? sum + fee(first + sequence) : sum;
    }

    private long seconds(Instant from, Instant to) {
        return to.getEpochSecond() - from.getEpochSecond();
    }

    /** The instants at which something changes, both ends included. */
    private List<Instant> cuts(long number, Instant... more) {
        TreeSet<Instant> cuts = new TreeSet<>(timeline.keySet());
        cuts.addAll(List.of(more));
        cuts.removeIf(cut -> !cut.isAfter(boundary(number)) || !cut.isBefore(boundary(number + 1)));
        cuts.add(boundary(number));
        cuts.add(boundary(number + 1));
        return new ArrayList<>(cuts);
    }

    private long fee(long number) {
        Fraction sum = Fraction.ZERO;
        long all = seconds(boundary(number), boundary(number + 1));
        List<Instant> cuts = cuts(number, trialEnd);
        for (int i = 0; i + 1 < cuts.size(); i++) {
            String plan = planAt(cuts.get(i));
            if (!plan.equals(END) && !cuts.get(i).isBefore(trialEnd)) {
                sum = sum.plus(Fraction.of(plans.get(plan).minor(), 1)
                        .times(Fraction.of(seconds(cuts.get(i), cuts.get(i + 1)), all)));
            }
        }
        return sum.rounded();
    }

    private long usage(long number) {
        Map<String, List<Instant[]>> byPlan = new LinkedHashMap<>();
        List<Instant> cuts = cuts(number);
        for (int i = 0; i + 1 < cuts.size(); i++) {
            String plan = planAt(cuts.get(i));
            if (!plan.equals(END)) {
                byPlan.computeIfAbsent(plan, key -> new ArrayList<>())
                        .add(new Instant[] {cuts.get(i), cuts.get(i + 1)});
            }
        }
        long sum = 0;
        long all = seconds(boundary(number), boundary(number + 1));
        for (Map.Entry<String, List<Instant[]>> entry : byPlan.entrySet()) {
            Terms terms = plans.get(entry.getKey());
            long held = entry.getValue().stream()
                    .mapToLong(part -> seconds(part[0], part[1]))
                    .sum();
            for (Map.Entry<String, Price> meter : terms.meters().entrySet()) {
                sum += overage(meter.getKey(), meter.getValue(), entry.getValue(), Fraction.of(held, all), all, terms);
            }
        }
        return sum;
    }

    private long overage(String meter, Price price, List<Instant[]> parts, Fraction share, long all, Terms terms) {
        if (price.included() == null || price.model().equals("none")) {
            return 0;
        }
        boolean whole = price.measure().equals("sum");
        Fraction quantity = switch (price.measure()) {
            case "sum" -> sum(meter, parts);
            case "peak" -> peak(meter, parts).times(share);
            default -> area(meter, parts).times(Fraction.of(1, all * 1000));
        };
        Fraction included = Fraction.of(price.included(), 1).times(share);
        Fraction over = quantity.minus(whole ? included.floor() : included);
        if (over.over().signum() <= 0) {
            return 0;
        }
        Fraction cost = Fraction.ZERO;
        Fraction per = Fraction.of(1, price.per());
        List<Fraction> bounds = new ArrayList<>();
        for (Long bound : price.bounds()) {
            Fraction scaled = Fraction.of(bound, 1).times(share);
            bounds.add(whole ? scaled.floor() : scaled);
        }
        List<Fraction> rates = price.rates().stream()
                .map(rate -> Fraction.of(new BigDecimal(rate)))
                .toList();
        switch (price.model()) {
            case "flat" -> cost = over.times(rates.getFirst()).times(per);
            case "package" -> {
                Fraction begun =
                        Fraction.ZERO.minus(Fraction.ZERO.minus(over.times(per)).floor());
                cost = begun.times(rates.getFirst());
            }
            case "tiered" -> {
                Fraction from = Fraction.ZERO;
                for (int i = 0; i < rates.size(); i++) {
                    Fraction to = i < bounds.size() ? over.min(bounds.get(i)) : over;
                    cost = cost.plus(to.minus(from).times(rates.get(i)).times(per));
                    from = to;
                }
            }
            default -> {
                int tier = 0;
                while (tier < bounds.size()
                        && over.minus(bounds.get(tier)).over().signum() > 0) {
                    tier++;
                }
                cost = over.times(rates.get(tier)).times(per);
            }
        }
        return cost.times(Fraction.of(BigInteger.TEN.pow(terms.exponent()).longValueExact(), 1))
                .rounded();
    }

    private Fraction sum(String meter, List<Instant[]> parts) {
        long sum = 0;
        for (Event event : events) {
            for (Instant[] part : parts) {
                if (event.meter().equals(meter)
                        && !event.at().isBefore(part[0])
                        && event.at().isBefore(part[1])) {
                    sum += event.quantity();
                }
            }
        }
        return Fraction.of(sum, 1);
    }

    private long levelAt(String meter, Instant at, boolean inclusive) {
        return events.stream()
                .filter(event -> event.meter().equals(meter)
                        && (event.at().isBefore(at) || (inclusive && event.at().equals(at))))
                .mapToLong(Event::quantity)
                .sum();
    }

    private List<Instant> changes(String meter, Instant[] part) {
        return events.stream()
                .filter(event -> event.meter().equals(meter)
                        && !event.at().isBefore(part[0])
                        && event.at().isBefore(part[1]))
                .map(Event::at)
                .distinct()
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    private Fraction peak(String meter, List<Instant[]> parts) {
        long peak = 0;
        for (Instant[] part : parts) {
            peak = Math.max(peak, levelAt(meter, part[0], false));
            for (Instant change : changes(meter, part)) {
                peak = Math.max(peak, levelAt(meter, change, true));
            }
        }
        return Fraction.of(peak, 1);
    }

    private Fraction area(String meter, List<Instant[]> parts) {
        BigInteger area = BigInteger.ZERO;
        for (Instant[] part : parts) {
            List<Instant> ends = new ArrayList<>(changes(meter, part));
            ends.add(part[1]);
            Instant from = part[0];
            for (Instant to : ends) {
                long level = from.equals(part[0]) ? levelAt(meter, from, false) : levelAt(meter, from, true);
                area = area.add(BigInteger.valueOf(level)
                        .multiply(BigInteger.valueOf(to.toEpochMilli() - from.toEpochMilli())));
                from = to;
            }
        }
        return new Fraction(area, BigInteger.ONE);
    }

    @Override
    public String toString() {
        return "from " + firstPeriod() + " in " + zone + " anchored " + anchor + ": " + timeline;
    }
}
