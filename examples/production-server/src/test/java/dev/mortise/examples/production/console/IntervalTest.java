package dev.mortise.examples.production.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class IntervalTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private static Sample sample(int second, long calls, long failed, long fast, long slow) {
        return new Sample(
                NOON.plusSeconds(second), calls, failed, calls, new TreeMap<>(Map.of(0.1, fast, 0.5, fast + slow)));
    }

    @Test
    void whatHappenedIsWhatCameSinceTheLastLook() {
        Interval interval = Interval.between(sample(0, 100, 1, 100, 0), sample(2, 120, 3, 110, 10));
        assertThat(interval.calls()).isEqualTo(20);
        assertThat(interval.failed()).isEqualTo(2);
        assertThat(interval.seconds()).isEqualTo(2);
        assertThat(interval.p50()).isEqualTo(0.1);
        assertThat(interval.p95()).isCloseTo(0.46, offset(1e-9));
    }

    @Test
    void withoutCallsThereIsNoLatencyAndAboveTheLastBoundItIsThatBound() {
        assertThat(Interval.between(sample(0, 5, 0, 5, 0), sample(2, 5, 0, 5, 0))
                        .p50())
                .isNull();
        assertThat(Interval.between(sample(0, 0, 0, 0, 0), sample(2, 4, 0, 0, 0))
                        .p95())
                .isEqualTo(0.5);
    }
}
