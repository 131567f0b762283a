package dev.mortise.mcp.resilience;

import static dev.mortise.mcp.internal.resilience.Circuit.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.internal.resilience.Circuit;
import dev.mortise.mcp.internal.resilience.Circuit.Verdict;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CircuitTest {
    private final ManualTicker time = new ManualTicker();
    private final Seen seen = new Seen();
    private final Circuit circuit =
            new Circuit("database", new Breaker(3, 5, Duration.ofSeconds(10), 2), time, new Random(1), seen);

    private void calls(Verdict... verdicts) {
        for (Verdict verdict : verdicts) {
            long ticket = circuit.enter();
            assertThat(ticket).isNotEqualTo(REFUSED);
            circuit.exit(ticket, verdict);
        }
    }

    @Test
    void opensAfterTooManyFailuresOfTheLatestAndClosesAfterItsTrials() {
        calls(Verdict.FAILURE, Verdict.SUCCESS, Verdict.FAILURE, Verdict.SUCCESS, Verdict.SUCCESS);
        assertThat(circuit.state()).isEqualTo(Breaker.State.CLOSED);
        calls(Verdict.FAILURE, Verdict.FAILURE);
        assertThat(circuit.state()).isEqualTo(Breaker.State.OPEN);
        assertThat(circuit.enter()).isEqualTo(REFUSED);
        assertThat(circuit.retryAfter()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));

        time.pass(Duration.ofSeconds(10));
        long first = circuit.enter();
        long second = circuit.enter();
        assertThat(circuit.state()).isEqualTo(Breaker.State.HALF_OPEN);
        assertThat(circuit.enter()).as("a third trial").isEqualTo(REFUSED);
        circuit.exit(first, Verdict.SUCCESS);
        assertThat(circuit.state()).isEqualTo(Breaker.State.HALF_OPEN);
        circuit.exit(second, Verdict.SUCCESS);
        assertThat(circuit.state()).isEqualTo(Breaker.State.CLOSED);
        assertThat(seen.events)
                .extracting(event -> ((ServiceEvent.BreakerChanged) event).to())
                .containsExactly(Breaker.State.OPEN, Breaker.State.HALF_OPEN, Breaker.State.CLOSED);
    }

    @Test
    void aTrialThatFailsOpensItAgainForAsLong() {
        calls(Verdict.FAILURE, Verdict.FAILURE, Verdict.FAILURE);
        time.pass(Duration.ofSeconds(10));
        calls(Verdict.FAILURE);
        assertThat(circuit.state()).isEqualTo(Breaker.State.OPEN);
        time.pass(Duration.ofSeconds(8));
        assertThat(circuit.enter()).isEqualTo(REFUSED);
        time.pass(Duration.ofSeconds(2));
        assertThat(circuit.enter()).isNotEqualTo(REFUSED);
    }

    /** A client that cancels its trials must not keep the service closed to all others for ever. */
    @Test
    void aTrialThatSaysNothingGivesItsPlaceBack() {
        calls(Verdict.FAILURE, Verdict.FAILURE, Verdict.FAILURE);
        time.pass(Duration.ofSeconds(10));
        for (int i = 0; i < 100; i++) {
            calls(Verdict.NEITHER);
        }
        assertThat(circuit.state()).isEqualTo(Breaker.State.HALF_OPEN);
        calls(Verdict.SUCCESS, Verdict.SUCCESS);
        assertThat(circuit.state()).isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void whatBeganBeforeItOpenedIsNoTrial() {
        long slow = circuit.enter();
        long slower = circuit.enter();
        calls(Verdict.FAILURE, Verdict.FAILURE, Verdict.FAILURE);
        time.pass(Duration.ofSeconds(10));
        long trial = circuit.enter();
        circuit.exit(slow, Verdict.SUCCESS);
        circuit.exit(slower, Verdict.FAILURE);
        assertThat(circuit.state()).isEqualTo(Breaker.State.HALF_OPEN);
        circuit.exit(trial, Verdict.SUCCESS);
        calls(Verdict.SUCCESS);
        assertThat(circuit.state()).isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void whatSaysNothingNeitherOpensNorHeals() {
        calls(Verdict.FAILURE, Verdict.FAILURE);
        for (int i = 0; i < 20; i++) {
            calls(Verdict.NEITHER);
        }
        calls(Verdict.FAILURE);
        assertThat(circuit.state()).isEqualTo(Breaker.State.OPEN);
    }
}
