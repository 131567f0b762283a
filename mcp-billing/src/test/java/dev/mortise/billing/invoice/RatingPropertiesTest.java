package dev.mortise.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.books.MemoryUsage;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.money.Rate;
import dev.mortise.billing.period.BillingCycle;
import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.Overage;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanJson;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.Plans;
import dev.mortise.billing.plan.Tier;
import dev.mortise.billing.subscription.Subscription;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class RatingPropertiesTest {
    private static final Currency USD = Currency.getInstance("USD");
    private static final Instant START = Instant.parse("2027-01-31T10:00:00Z");
    private static final BillingCycle CYCLE = BillingCycle.from(START, ZoneId.of("Europe/Berlin"), 1);
    private static final Period MONTH = CYCLE.period(0);
    private static final Share WHOLE = new Share(1, 1);

    private static Plan plan(String id, long cents, long included) {
        return PlanJson.read("""
                {"id": "%s", "version": 1, "name": "x", "currency": "USD", "price": "%s", "meters": {"api_calls":
                 {"included": %d, "overage": {"model": "flat", "rate": "0.013"}}}}
                """.formatted(id, BigDecimal.valueOf(cents, 2).toPlainString(), included)
                .getBytes(StandardCharsets.UTF_8));
    }

    private static Plans plans(Plan... plans) {
        Map<PlanRef, Plan> byRef = new java.util.HashMap<>();
        for (Plan plan : plans) {
            byRef.put(plan.ref(), plan);
        }
        return ref -> Optional.ofNullable(byRef.get(ref));
    }

    private static Subscription begin(Plan plan) {
        return Subscription.begin("s", "t", CYCLE, plan, Optional.empty(), START);
    }

    private static long sum(List<InvoiceLine> lines) {
        return lines.stream().mapToLong(line -> line.amount().minor()).sum();
    }

    @Property
    void theCreditForTheRestAndTheChargeForWhatWasUsedAreThePrice(
            @ForAll @LongRange(min = 1, max = 1_000_000) long cents,
            @ForAll @IntRange(min = 1, max = 2_000_000) int second) {
        Plan paid = plan("paid", cents, 0);
        Plan free = plan("free", 0, 0);
        Rating rating = new Rating(plans(paid, free), new MemoryUsage());
        Instant at = START.plusSeconds(second);
        long used = sum(rating.fees(begin(paid).change(free, Optional.empty(), at), MONTH));
        long rest = sum(rating.fees(begin(free).change(paid, Optional.empty(), at), MONTH));
        // Both are rounded by themselves: together half a cent each from the price at the most, and exact on one
        // invoice.
        assertThat(used + rest).isBetween(cents - 1, cents + 1);
        Subscription same = begin(paid).change(plan("other", cents, 0), Optional.empty(), at);
        assertThat(sum(new Rating(plans(paid, plan("other", cents, 0)), new MemoryUsage()).fees(same, MONTH)))
                .isEqualTo(cents);
    }

    /** Somebody is on the free plan in just those seconds in which a cent would fall due. */
    @Property(tries = 200)
    void changingToAndFroGainsNothing(
            @ForAll @LongRange(min = 1, max = 100_000) long cents,
            @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 1, max = 2_400_000) Integer> seconds) {
        Plan paid = plan("paid", cents, 300);
        Plan free = plan("free", 0, 0);
        Rating rating = new Rating(plans(paid, free), new MemoryUsage());
        Subscription subscription = begin(paid);
        long away = 0;
        Instant last = START;
        for (int second : new TreeSet<>(seconds)) {
            Instant at = START.plusSeconds(second);
            if (at.isAfter(last)) {
                subscription = subscription
                        .change(free, Optional.empty(), at)
                        .change(paid, Optional.empty(), at.plusSeconds(1));
                away++;
                last = at.plusSeconds(1);
            }
        }
        long paidSeconds = MONTH.seconds() - away;
        BigDecimal exact = BigDecimal.valueOf(cents)
                .multiply(BigDecimal.valueOf(paidSeconds))
                .divide(BigDecimal.valueOf(MONTH.seconds()), 20, java.math.RoundingMode.HALF_EVEN);
        assertThat(BigDecimal.valueOf(sum(rating.fees(subscription, MONTH)))
                        .subtract(exact)
                        .abs())
                .isLessThanOrEqualTo(new BigDecimal("0.5"));
    }

    @Property(tries = 200)
    void allowancesAreNotGainedEither(
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 2_400_000) Integer> seconds) {
        Plan paid = plan("paid", 500, 300);
        Plan other = plan("other", 500, 300);
        MemoryUsage usage = new MemoryUsage();
        usage.book("t", "api_calls", 100_000, START.plusSeconds(5));
        usage.book("t", "api_calls", 100_000, START.plusSeconds(2_400_002));
        Rating rating = new Rating(plans(paid, other), usage);
        Subscription subscription = begin(paid);
        boolean here = true;
        for (int second : new TreeSet<>(seconds)) {
            here = !here;
            subscription = subscription.change(here ? paid : other, Optional.empty(), START.plusSeconds(second + 6));
        }
        List<InvoiceLine> lines = rating.usage(subscription, MONTH, Map.of("api_calls", Long.MAX_VALUE));
        BigDecimal included = lines.stream()
                .map(line -> line.usage().orElseThrow().included().orElseThrow())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(included).isLessThanOrEqualTo(new BigDecimal(300));
        assertThat(lines).hasSizeLessThanOrEqualTo(2);
    }

    @Property
    void theLinesAddUpToTheTotalAndEachIsNearItsShare(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 2_400_000) Integer> seconds) {
        Plan[] three = {plan("a", 2_900, 0), plan("b", 9_900, 0), plan("c", 1, 0)};
        Rating rating = new Rating(plans(three), new MemoryUsage());
        Subscription subscription = begin(three[0]);
        int next = 0;
        for (int second : new TreeSet<>(seconds)) {
            subscription = subscription.change(three[++next % 3], Optional.empty(), START.plusSeconds(second));
        }
        BigInteger exact = BigInteger.ZERO;
        for (InvoiceLine line : rating.fees(subscription, MONTH)) {
            Plan plan = plans(three).get(line.plan().orElseThrow());
            BigInteger share = BigInteger.valueOf(plan.price().orElseThrow().minor())
                    .multiply(BigInteger.valueOf(line.service().seconds()));
            exact = exact.add(share);
            BigInteger off = BigInteger.valueOf(line.amount().minor())
                    .multiply(BigInteger.valueOf(MONTH.seconds()))
                    .subtract(share);
            assertThat(off.abs()).isLessThan(BigInteger.valueOf(2 * MONTH.seconds()));
        }
        BigInteger total =
                BigInteger.valueOf(sum(rating.fees(subscription, MONTH))).multiply(BigInteger.valueOf(MONTH.seconds()));
        assertThat(total.subtract(exact).abs().shiftLeft(1)).isLessThanOrEqualTo(BigInteger.valueOf(MONTH.seconds()));
    }

    private static final Overage.Tiered TIERED = new Overage.Tiered(List.of(
            new Tier(OptionalLong.of(100), Rate.of("0.10", USD)),
            new Tier(OptionalLong.of(1_000), Rate.of("0.05", USD)),
            new Tier(OptionalLong.empty(), Rate.of("0.01", USD))));

    private static Money price(Overage overage, long over) {
        return OverageRating.price(overage, BigInteger.valueOf(over), BigInteger.ONE, WHOLE)
                .rounded(USD);
    }

    @Example
    void theFourModels() {
        assertThat(price(new Overage.Flat(Rate.of("0.002", USD)), 1_250)).hasToString("2.50 USD");
        assertThat(price(new Overage.Packages(Rate.of("5", 100, USD)), 0)).hasToString("0.00 USD");
        assertThat(price(new Overage.Packages(Rate.of("5", 100, USD)), 1)).hasToString("5.00 USD");
        assertThat(price(new Overage.Packages(Rate.of("5", 100, USD)), 100)).hasToString("5.00 USD");
        assertThat(price(new Overage.Packages(Rate.of("5", 100, USD)), 101)).hasToString("10.00 USD");
        assertThat(price(TIERED, 100)).hasToString("10.00 USD");
        assertThat(price(TIERED, 101)).hasToString("10.05 USD");
        assertThat(price(TIERED, 1_500)).hasToString("60.00 USD");
        Overage volume = new Overage.Volume(TIERED.tiers());
        assertThat(price(volume, 100)).hasToString("10.00 USD");
        assertThat(price(volume, 101)).hasToString("5.05 USD");
        assertThat(price(volume, 1_500)).hasToString("15.00 USD");
    }

    @Property
    void tiersArePricedUnitByUnit(@ForAll @IntRange(max = 3_000) int over) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int unit = 1; unit <= over; unit++) {
            sum = sum.add(new BigDecimal(unit <= 100 ? "0.10" : unit <= 1_000 ? "0.05" : "0.01"));
        }
        assertThat(price(TIERED, over).major()).isEqualByComparingTo(sum);
    }

    @Property
    void moreNeverCostsLessInTiers(
            @ForAll @LongRange(max = 1L << 50) long over, @ForAll @LongRange(max = 1L << 50) long more) {
        assertThat(price(TIERED, over + more)).isGreaterThanOrEqualTo(price(TIERED, over));
    }

    @Property
    void halfAPeriodHasHalfTheBounds(@ForAll @IntRange(max = 3_000) int over) {
        Exact half = OverageRating.price(TIERED, BigInteger.valueOf(over), BigInteger.ONE, new Share(1, 2));
        BigDecimal sum = BigDecimal.ZERO;
        for (int unit = 1; unit <= over; unit++) {
            sum = sum.add(new BigDecimal(unit <= 50 ? "0.10" : unit <= 500 ? "0.05" : "0.01"));
        }
        assertThat(half.rounded(USD).major()).isEqualByComparingTo(sum);
    }
}
