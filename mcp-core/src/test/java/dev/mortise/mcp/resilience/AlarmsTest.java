package dev.mortise.mcp.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    private final Alarms alarms = new Alarms();

    @Test
    void wakesWhoseTimeIsUp() throws Exception {
        Thread sleeper = sleep(100_000_000);

        assertThat(sleeper.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void wakesNobodyWhoseTimeHasNotCome() throws Exception {
        Thread patient = sleep(3_600_000_000_000L);
        for (int i = 0; i < 5; i++) {
            assertThat(sleep(i * 20_000_000L).join(Duration.ofSeconds(10))).isTrue();
        }

        assertThat(patient.isAlive()).isTrue();
        patient.interrupt();
        assertThat(patient.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void whoIsWokenBeforeGoesOnAtOnce() throws Exception {
        List<Thread> sleepers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            sleepers.add(sleep(3_600_000_000_000L));
        }
        sleepers.forEach(LockSupport::unpark);

        for (Thread sleeper : sleepers) {
            assertThat(sleeper.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void theTimerEndsWhenNobodyWaitsAndComesBack() throws Exception {
        for (int i = 0; i < 2; i++) {
            wakesWhoseTimeIsUp();
            Eventually.holds(() -> !alarms.isRunning());
        }
    }

    private Thread sleep(long nanos) {
        long until = System.nanoTime() + nanos;
        return Thread.startVirtualThread(() -> alarms.parkUntil(this, until));
    }
}
