package dev.mortise.billing.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mortise.billing.period.BillingCycle;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.Plans;
import dev.mortise.billing.plan.Standing;
import dev.mortise.billing.subscription.Subscription;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SnapshotEntitlementsTest {
    private static final Instant START = Instant.parse("2027-04-01T00:00:00Z");
    private static final Plan FREE = Plans.STANDARD.get(0);
    private static final Plan STARTER = Plans.STANDARD.get(1);
    private static final Plans PLANS = ref ->
            Plans.STANDARD.stream().filter(plan -> plan.ref().equals(ref)).findFirst();

    private final TestClock clock = new TestClock(START.plusSeconds(5));
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicReference<List<Subscription>> stored = new AtomicReference<>(List.of(Subscription.begin(
            "s", "acme", BillingCycle.from(START, ZoneOffset.UTC, 1), STARTER, Optional.empty(), START)));
    private volatile boolean down;
    private volatile Runnable meanwhile = () -> {};

    private final SnapshotEntitlements entitlements =
            new SnapshotEntitlements(this::read, PLANS, FREE, Duration.ofMinutes(10), clock);

    private List<Subscription> read(String tenant) {
        if (down) {
            throw new StoreUnavailable("It is down");
        }
        reads.incrementAndGet();
        List<Subscription> found = tenant.equals("acme") ? stored.get() : List.of();
        meanwhile.run();
        return found;
    }

    private Entitlement now() {
        return entitlements.of("acme", clock.instant());
    }

    @Test
    void answersFromMemoryWhileTheStoreIsDownUntilTheMaximumAge() {
        assertThat(now().plan()).contains(new PlanRef("starter", 1));
        down = true;
        clock.advance(Duration.ofMinutes(4));
        assertThat(now().plan()).contains(new PlanRef("starter", 1));
        assertThat(now()).isSameAs(now());
        assertThat(reads).hasValue(1);
        clock.advance(Duration.ofMinutes(6));
        assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(this::now);
        down = false;
        assertThat(now().asOf()).isEqualTo(clock.instant());
    }

    @Test
    void isReadAnewInTheBackground() {
        now();
        stored.set(List.of(stored.get().getFirst().pastDue(clock.instant())));
        clock.advance(Duration.ofMinutes(5));
        // Whoever asks first gets what is known, and somebody else what is new.
        assertThat(now().standing()).isEqualTo(Standing.ACTIVE);
        Eventually.holds("the change is seen", () -> now().standing() == Standing.PAST_DUE);
        assertThat(reads).hasValue(2);
    }

    @Test
    void whatIsForgottenWhileItIsReadIsNotKept() {
        meanwhile = () -> {
            meanwhile = () -> {};
            stored.set(List.of(stored.get().getFirst().cancelNow(clock.instant())));
            entitlements.forget("acme");
        };
        assertThat(now().standing()).isEqualTo(Standing.ACTIVE);
        assertThat(now().standing()).isEqualTo(Standing.NONE);
    }

    @Test
    void whatIsForgottenIsReadAtOnce() {
        now();
        stored.set(List.of(stored.get().getFirst().cancelNow(clock.instant())));
        assertThat(now().standing()).isEqualTo(Standing.ACTIVE);
        entitlements.forget("acme");
        assertThat(now().standing()).isEqualTo(Standing.NONE);
        assertThat(now().plan()).contains(FREE.ref());
    }

    @Test
    void theTimeGoesByAlsoInMemory() {
        stored.set(List.of(stored.get().getFirst().pastDue(START)));
        assertThat(now().standing()).isEqualTo(Standing.PAST_DUE);
        assertThat(entitlements.of("acme", START.plus(Duration.ofDays(7))).standing())
                .isEqualTo(Standing.SUSPENDED);
        assertThat(entitlements
                        .of("acme", START.plus(Duration.ofDays(7)).minusMillis(1))
                        .standing())
                .isEqualTo(Standing.PAST_DUE);
        assertThat(reads).hasValue(1);
    }

    @Test
    void aClockThatWasSetBackTrustsNothingForLong() {
        now();
        down = true;
        clock.set(START.minus(Duration.ofDays(1)));
        assertThat(entitlements.of("acme", START).standing()).isEqualTo(Standing.ACTIVE);
        down = false;
        Eventually.holds("it is read anew", () -> {
            entitlements.of("acme", START);
            return reads.get() == 2;
        });
    }

    @Test
    void whoHasNoSubscriptionHasTheFallback() {
        Entitlement stranger = entitlements.of("stranger", clock.instant());
        assertThat(stranger.standing()).isEqualTo(Standing.NONE);
        assertThat(stranger.allowance("api_calls").orElseThrow().hardLimit()).hasValue(1_000);
        assertThat(stranger.period())
                .isEqualTo(BillingCycle.calendarMonths(ZoneOffset.UTC).periodAt(START));
        SnapshotEntitlements strict = new SnapshotEntitlements(this::read, PLANS, null, Duration.ofMinutes(10), clock);
        assertThat(strict.of("stranger", clock.instant()).allowances()).isEmpty();
    }
}
