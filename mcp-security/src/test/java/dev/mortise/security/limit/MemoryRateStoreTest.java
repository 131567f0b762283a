package dev.mortise.security.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MemoryRateStoreTest {
    private final ManualTicker ticker = new ManualTicker();

    private static RateStore.Charge charge(String window, Rate rate, String key, long cost) {
        return new RateStore.Charge(window, rate, key, cost);
    }

    /** A purse that fills up evenly, in whole nanoseconds times permits, so that nothing is ever rounded. */
    private static final class Purse {
        private final Rate rate;
        private BigInteger filled;
        private long seen;

        Purse(Rate rate, long now) {
            this.rate = rate;
            this.filled = full();
            this.seen = now;
        }

        private BigInteger full() {
            return BigInteger.valueOf(rate.burst()).multiply(unit());
        }

        private BigInteger unit() {
            return BigInteger.valueOf(rate.step(1_000_000_000));
        }

        boolean holds(long cost, long now) {
            filled = filled.add(BigInteger.valueOf(now - seen)).min(full());
            seen = now;
            return filled.compareTo(unit().multiply(BigInteger.valueOf(cost))) >= 0;
        }

        void pay(long cost) {
            filled = filled.subtract(unit().multiply(BigInteger.valueOf(cost)));
        }
    }

    record Step(Duration pause, int first, int second, long cost) {}

    @Provide
    Arbitrary<Rate> rates() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, 50),
                        Arbitraries.longs().between(1, 5_000_000_000L),
                        Arbitraries.longs().between(1, 50))
                .as((permits, nanos, burst) -> new Rate(permits, Duration.ofNanos(nanos), Math.min(permits, burst)));
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 400_000_000L).map(Duration::ofNanos),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.longs().between(1, 6))
                .as(Step::new)
                .list()
                .ofMaxSize(200);
    }

    /** All windows or none, each key for itself, exactly as the purses say. */
    @Property(tries = 500)
    void countsAsTheModel(
            @ForAll("rates") Rate first, @ForAll("rates") Rate second, @ForAll("steps") List<Step> steps) {
        ManualTicker time = new ManualTicker();
        RateStore store = new MemoryRateStore(512, time);
        Map<String, Purse> purses = new HashMap<>();
        for (Step step : steps) {
            time.pass(step.pause());
            long now = time.nanos();
            Purse one = purses.computeIfAbsent("one" + step.first(), key -> new Purse(first, now));
            Purse two = purses.computeIfAbsent("two" + step.second(), key -> new Purse(second, now));
            boolean fits = one.holds(step.cost(), now) & two.holds(step.cost(), now);
            RateStore.Verdict verdict = store.take(List.of(
                    charge("one", first, "k" + step.first(), step.cost()),
                    charge("two", second, "k" + step.second(), step.cost())));
            assertThat(verdict.admitted()).isEqualTo(fits);
            if (fits) {
                one.pay(step.cost());
                two.pay(step.cost());
            } else if (step.cost() <= Math.min(first.burst(), second.burst())) {
                long retry = verdict.standings().stream()
                        .mapToLong(RateStore.Standing::retryNanos)
                        .max()
                        .orElseThrow();
                assertThat(one.holds(step.cost(), now + retry) && two.holds(step.cost(), now + retry))
                        .as("after the time that was named it fits")
                        .isTrue();
                assertThat(one.holds(step.cost(), now + retry) && retry > 0).isTrue();
                one.seen = now + retry;
                two.seen = now + retry;
                time.pass(Duration.ofNanos(retry));
            }
        }
    }

    @Test
    void theLastOneIsGivenOutOnce() throws Exception {
        Rate rate = Rate.perDay(1_000);
        Rate other = Rate.perDay(700);
        RateStore store = new MemoryRateStore(512, ticker);
        List<Future<Integer>> counts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int t = 0; t < 8; t++) {
                boolean forwards = t % 2 == 0;
                counts.add(threads.submit(() -> {
                    int admitted = 0;
                    for (int i = 0; i < 500; i++) {
                        RateStore.Charge a = charge("a", rate, "x", 1);
                        RateStore.Charge b = charge("b", other, "y", 1);
                        if (store.take(forwards ? List.of(a, b) : List.of(b, a)).admitted()) {
                            admitted++;
                        }
                    }
                    return admitted;
                }));
            }
        }
        int sum = 0;
        for (Future<Integer> count : counts) {
            sum += count.get();
        }
        assertThat(sum).isEqualTo(700);
    }

    /** Many more keys than there is room for: nobody gets more for it, and known keys keep what is theirs. */
    @Test
    void aFloodOfKeysForgivesNothing() {
        Rate rate = Rate.perDay(3);
        RateStore store = new MemoryRateStore(512, ticker);
        for (int i = 0; i < 3; i++) {
            assertThat(take(store, rate, "attacker")).isTrue();
        }
        for (int i = 0; i < 200_000; i++) {
            take(store, rate, "flood-" + i);
        }
        assertThat(take(store, rate, "attacker")).isFalse();
        Map<String, Integer> taken = new HashMap<>();
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 20_000; i++) {
                if (take(store, rate, "more-" + i)) {
                    taken.merge("more-" + i, 1, Integer::sum);
                }
            }
        }
        assertThat(taken.values()).allMatch(count -> count <= 3);
    }

    @Test
    void roomComesBackWhenTheFloodIsOver() {
        Rate rate = Rate.perMinute(3);
        RateStore store = new MemoryRateStore(512, ticker);
        for (int i = 0; i < 100_000; i++) {
            take(store, rate, "flood-" + i);
        }
        ticker.pass(Duration.ofMinutes(2));
        for (int i = 0; i < 100; i++) {
            assertThat(take(store, rate, "newcomer-" + i)).isTrue();
        }
    }

    /** A key that was counted with others during a flood does not start afresh when it gets a cell of its own. */
    @Test
    void movingToACellOfItsOwnForgivesNothing() {
        Rate slow = Rate.perDay(2);
        RateStore store = new MemoryRateStore(512, ticker);
        Rate quick = Rate.perSecond(1);
        for (int i = 0; i < 20_000; i++) {
            store.take(List.of(charge("w", quick, "flood-" + i, 1)));
        }
        int before = 0;
        for (int i = 0; i < 3; i++) {
            before += store.take(List.of(charge("w", slow, "victim", 1))).admitted() ? 1 : 0;
        }
        ticker.pass(Duration.ofSeconds(30));
        int after = 0;
        for (int i = 0; i < 3; i++) {
            after += store.take(List.of(charge("w", slow, "victim", 1))).admitted() ? 1 : 0;
        }
        assertThat(before + after).isLessThanOrEqualTo(2);
    }

    @Test
    void whatCanNeverFitIsRefusedAndTakesNothing() {
        Rate rate = Rate.perMinute(5);
        RateStore store = new MemoryRateStore(512, ticker);
        assertThat(store.take(List.of(charge("w", rate, "k", Long.MAX_VALUE))).admitted())
                .isFalse();
        RateStore.Verdict verdict = store.take(List.of(charge("w", rate, "k", 5)));
        assertThat(verdict.admitted()).isTrue();
        assertThat(verdict.standings().getFirst().remaining()).isZero();
    }

    private boolean take(RateStore store, Rate rate, String key) {
        return store.take(List.of(charge("w", rate, key, 1))).admitted();
    }
}
