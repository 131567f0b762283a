package dev.mortise.mcp.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Property
    void waitsStayWithinTheirBounds(
            @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long first,
            @ForAll @LongRange(min = 1, max = 31_000_000_000_000_000L) long longest,
            @ForAll @DoubleRange(min = 1, max = 1000) double factor,
            @ForAll @DoubleRange(min = 0, max = 1) double jitter,
            @ForAll @IntRange(min = 1) int failures,
            @ForAll long seed) {
        Duration max = Duration.ofNanos(Math.max(first, longest));
        Backoff backoff = new Backoff(Duration.ofNanos(first), max, factor, jitter);

        Duration delay = backoff.delay(failures, new Random(seed));

        assertThat(delay).isBetween(Duration.ZERO, max);
        double grown = Math.min(max.toNanos(), first * Math.pow(factor, failures - 1.0));
        assertThat((double) delay.toNanos()).isBetween(grown * (1 - jitter) - 1, grown + 1);
    }

    @Test
    void growsUpToItsBoundAndTwoWhoFailTogetherDoNotReturnTogether() {
        Backoff steady = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), 2, 0);
        assertThat(steady.delay(1, new Random())).isEqualTo(Duration.ofMillis(100));
        assertThat(steady.delay(3, new Random())).isEqualTo(Duration.ofMillis(400));
        assertThat(steady.delay(100, new Random())).isEqualTo(Duration.ofSeconds(1));

        Backoff jittered = Backoff.between(Duration.ofMillis(100), Duration.ofSeconds(1));
        assertThat(jittered.delay(4, new Random(1))).isNotEqualTo(jittered.delay(4, new Random(2)));
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> Backoff.between(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("longer than the longest");
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), Double.NaN, 0))
                .hasMessageContaining("factor");
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 1.5))
                .hasMessageContaining("jitter");
    }
}
