package dev.mortise.billing.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.period.BillingCycle;
import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.Allowance;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanJson;
import dev.mortise.billing.plan.Plans;
import dev.mortise.billing.plan.Standing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AllowancesTest {
    private static final Instant START = Instant.parse("2027-04-01T00:00:00Z");
    private static final BillingCycle CYCLE = BillingCycle.from(START, ZoneOffset.UTC, 1);
    private static final Period APRIL = CYCLE.period(0);
    private static final Plan SMALL = plan("small", "\"included\": 3000", "\"included\": 10");
    private static final Plan LARGE = plan("large", "\"included\": 30000", "\"included\": 100");
    private static final Plan OPEN = plan("open", "", "");
    private static final Plan PAID =
            plan("paid", "\"included\": 300, \"overage\": {\"model\": \"flat\", \"rate\": \"1\"}", "\"included\": 10");
    private static final Plans PLANS = ref -> List.of(SMALL, LARGE, OPEN, PAID).stream()
            .filter(plan -> plan.ref().equals(ref))
            .findFirst();

    private static Plan plan(String id, String calls, String storage) {
        return PlanJson.read("""
                {"id": "%s", "version": 1, "name": "x", "currency": "USD", "price": "1.00", "trialDays": 5,
                 "graceDays": 3, "features": ["%s-only"],
                 "meters": {"api_calls": {%s}, "storage": {"measure": "peak"%s}}}
                """.formatted(id, id, calls, storage.isEmpty() ? "" : ", " + storage)
                .getBytes(StandardCharsets.UTF_8));
    }

    private static Instant day(int day) {
        return START.plus(Duration.ofDays(day));
    }

    private static Subscription begin(Plan plan) {
        return Subscription.begin("s", "t", CYCLE, plan, Optional.empty(), START);
    }

    private static Entitlement at(Subscription subscription, Instant at) {
        return Allowances.of(subscription, PLANS, Optional.of(SMALL), at, at);
    }

    private static Allowance calls(Subscription subscription, Instant at) {
        return at(subscription, at).allowance("api_calls").orElseThrow();
    }

    @Test
    void aWholePeriodHasThePlansLimits() {
        Allowance calls = calls(begin(SMALL), START);
        assertThat(calls.included()).isEqualTo(OptionalLong.of(3_000));
        assertThat(calls.hardLimit()).isEqualTo(OptionalLong.of(3_000));
        assertThat(calls.window()).isEqualTo(APRIL);
        assertThat(calls.resetsAt()).isEqualTo(day(30));
        assertThat(at(begin(SMALL), START).features()).containsExactly("small-only");
    }

    @Test
    void eachPlanGivesForItsShareOfTheTime() {
        Subscription changed = begin(SMALL).change(LARGE, Optional.empty(), day(10));
        // A third of 3,000 and two thirds of 30,000, for all that is used in the whole of April.
        assertThat(calls(changed, day(10)).included()).isEqualTo(OptionalLong.of(21_000));
        assertThat(calls(changed, day(10)).window()).isEqualTo(APRIL);
        assertThat(calls(changed, day(30)).included()).isEqualTo(OptionalLong.of(30_000));
        // A level has no share of time.
        assertThat(at(changed, day(10)).allowance("storage").orElseThrow().hardLimit())
                .isEqualTo(OptionalLong.of(100));
        assertThat(at(changed, day(9)).allowance("storage").orElseThrow().hardLimit())
                .isEqualTo(OptionalLong.of(10));
    }

    @Test
    void changingToAndFroGivesNothing() {
        Subscription restless = begin(SMALL);
        for (int day = 1; day < 29; day++) {
            restless = restless.change(LARGE, Optional.empty(), day(day))
                    .change(SMALL, Optional.empty(), day(day).plusSeconds(1));
        }
        // 28 seconds of a plan with 27,000 more.
        assertThat(calls(restless, day(29)).included().orElseThrow()).isBetween(2_999L, 3_000L);
    }

    @Test
    void whatWasUsedWithoutALimitDoesNotCountTowardsALaterOne() {
        Subscription closed = begin(OPEN).change(SMALL, Optional.empty(), day(15));
        assertThat(calls(closed, day(14)).included()).isEmpty();
        assertThat(calls(closed, day(15)).window()).isEqualTo(new Period(day(15), day(30)));
        assertThat(calls(closed, day(15)).hardLimit()).isEqualTo(OptionalLong.of(1_500));
        Subscription hard = begin(PAID).change(SMALL, Optional.empty(), day(15));
        assertThat(calls(hard, day(14)).hardLimit()).isEmpty();
        assertThat(calls(hard, day(15)).window()).isEqualTo(new Period(day(15), day(30)));
        Subscription soft = begin(SMALL).change(PAID, Optional.empty(), day(15));
        assertThat(calls(soft, day(15)).window()).isEqualTo(APRIL);
        assertThat(calls(soft, day(15)).included()).isEqualTo(OptionalLong.of(1_650));
        assertThat(calls(soft, day(15)).hardLimit()).isEmpty();
    }

    @Test
    void standsWellUntilTheGraceEnds() {
        Subscription subscription = begin(LARGE);
        assertThat(at(subscription, day(4)).standing()).isEqualTo(Standing.TRIAL);
        assertThat(at(subscription, day(4)).until()).isEqualTo(day(5));
        assertThat(at(subscription, day(5)).standing()).isEqualTo(Standing.ACTIVE);
        Subscription late = subscription.pastDue(day(10)).pastDue(day(12));
        assertThat(at(late, day(12)).standing()).isEqualTo(Standing.PAST_DUE);
        assertThat(at(late, day(12)).features()).containsExactly("large-only");
        assertThat(at(late, day(12)).until()).isEqualTo(day(13));
        Entitlement over = at(late, day(13));
        assertThat(over.standing()).isEqualTo(Standing.SUSPENDED);
        assertThat(over.plan()).contains(SMALL.ref());
        assertThat(over.has("large-only")).isFalse();
        assertThat(Allowances.of(late, PLANS, Optional.empty(), day(13), day(13))
                        .allowances())
                .isEmpty();
        assertThat(at(late.paid(), day(13)).standing()).isEqualTo(Standing.ACTIVE);
    }

    @Test
    void aScheduledEndIsTheEndOfAnAnswer() {
        Subscription ending = begin(LARGE).cancelAtPeriodEnd(day(8));
        assertThat(at(ending, day(8)).until()).isEqualTo(day(30));
        assertThat(ending.isLive(day(30))).isFalse();
        assertThat(ending.isLive(day(30).minusMillis(1))).isTrue();
        Subscription next = begin(LARGE).changeAtPeriodEnd(SMALL, Optional.empty(), day(8));
        assertThat(calls(next, day(29)).included()).isEqualTo(OptionalLong.of(30_000));
        assertThat(calls(next, day(30)).included()).isEqualTo(OptionalLong.of(3_000));
        // Another change drops what was scheduled.
        assertThat(next.change(LARGE, Optional.empty(), day(9)).phases()).hasSize(2);
    }
}
