package dev.mortise.mcp.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.internal.resilience.AdaptiveLimit;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
    private final ManualTicker time = new ManualTicker();

    /** A service that works on {@code capacity} calls at once, each for 10 ms; the others wait for those. */
    private void serve(AdaptiveLimit limit, int offered, int capacity, Duration base, int rounds) {
        for (int round = 0; round < rounds; round++) {
            int admitted = 0;
            while (admitted < offered && limit.tryEnter()) {
                admitted++;
            }
            long took = base.toNanos() * Math.max(1, Math.ceilDiv(admitted, capacity));
            time.pass(Duration.ofNanos(took));
            for (int i = 0; i < admitted; i++) {
                limit.leave("work", took, false);
            }
        }
    }

    @Test
    void findsTheCapacityUnderOverloadAndDoesNotFallFarBelow() {
        AdaptiveLimit limit = new AdaptiveLimit(Overload.adaptive().startingAt(100), time);
        serve(limit, 2, 8, Duration.ofMillis(20), 50);
        serve(limit, 24, 8, Duration.ofMillis(20), 5_000);
        assertThat(limit.limit()).isBetween(6, 17);
        assertThat(limit.inFlight()).isZero();
    }

    @Test
    void growsWhileCallsStayFast() {
        AdaptiveLimit limit = new AdaptiveLimit(Overload.adaptive(), time);
        serve(limit, 500, 1_000, Duration.ofMillis(10), 10_000);
        assertThat(limit.limit()).isGreaterThan(400);
    }

    /** Ten times slower, but not for the number of calls: the limit must come back, or a slow day becomes an outage. */
    @Test
    void getsUsedToAServiceThatHasBecomeSlowForOtherReasons() {
        AdaptiveLimit limit = new AdaptiveLimit(Overload.adaptive().startingAt(50), time);
        serve(limit, 50, 1_000, Duration.ofMillis(10), 500);
        serve(limit, 50, 1_000, Duration.ofMillis(100), 3_000);
        assertThat(limit.limit()).isGreaterThan(40);
    }

    /** A call of 50 microseconds that waits for a processor takes a hundred times that, and is fast all the same. */
    @Test
    void whatIsFastEnoughIsNotOverloadHoweverFastItUsuallyIs() {
        AdaptiveLimit limit = new AdaptiveLimit(Overload.adaptive(), time);
        serve(limit, 20, 1_000, Duration.ofNanos(50_000), 10_000);
        int before = limit.limit();
        serve(limit, 20, 1_000, Duration.ofMillis(29), 1_000);
        assertThat(limit.limit()).isGreaterThanOrEqualTo(before);
        serve(limit, 20, 1_000, Duration.ofMillis(60), 20);
        assertThat(limit.limit()).isLessThan(before);
    }

    @Test
    void aMixOfSlowAndFastCallsIsNotMistakenForLoad() {
        AdaptiveLimit limit = new AdaptiveLimit(Overload.adaptive().startingAt(10), time);
        for (int i = 0; i < 20_000; i++) {
            boolean slow = i % 97 < 40;
            for (int n = 0; n < 10; n++) {
                limit.tryEnter();
            }
            time.pass(Duration.ofMillis(10));
            for (int n = 0; n < 10; n++) {
                limit.leave(slow ? "report" : "ping", slow ? 900_000_000L : 1_000_000L, false);
            }
        }
        assertThat(limit.limit()).isGreaterThanOrEqualTo(10);
    }

    @Property(tries = 200)
    void staysWithinItsBoundsWhateverIsMeasured(
            @ForAll @IntRange(min = 1, max = 50) int least,
            @ForAll @IntRange(min = 0, max = 500) int range,
            @ForAll @Size(max = 300) List<@LongRange(min = 0, max = 100_000_000_000L) Long> times) {
        AdaptiveLimit limit = new AdaptiveLimit(
                new Overload(least, least + range, least + range / 2, 1.5, Duration.ofSeconds(1), Duration.ofMillis(1)),
                time);
        for (int i = 0; i < times.size(); i++) {
            if (limit.tryEnter()) {
                time.pass(Duration.ofMillis(30));
                limit.leave("k" + i % 3, times.get(i), i % 7 == 0);
            }
            assertThat(limit.limit()).isBetween(least, least + range);
        }
        assertThat(limit.inFlight()).isZero();
    }
}
