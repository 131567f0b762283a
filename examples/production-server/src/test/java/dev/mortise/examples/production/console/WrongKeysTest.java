package dev.mortise.examples.production.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class WrongKeysTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private Instant now = NOON;
    private final WrongKeys wrong = new WrongKeys(new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    @Test
    void fiveAtOnceAndThenOneByOne() {
        for (int i = 0; i < 5; i++) {
            assertThat(wrong.wait("10.0.0.1")).isEmpty();
            wrong.count("10.0.0.1");
        }
        assertThat(wrong.wait("10.0.0.1")).contains(Duration.ofSeconds(12));
        assertThat(wrong.wait("10.0.0.2")).isEmpty();
        now = NOON.plusSeconds(12);
        assertThat(wrong.wait("10.0.0.1")).isEmpty();
        wrong.count("10.0.0.1");
        assertThat(wrong.wait("10.0.0.1")).contains(Duration.ofSeconds(12));
        now = NOON.plusSeconds(3_600);
        wrong.count("10.0.0.1");
        assertThat(wrong.wait("10.0.0.1")).isEmpty();
    }
}
