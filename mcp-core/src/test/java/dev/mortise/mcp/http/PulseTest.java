package dev.mortise.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PulseTest {
    private static Pulse.Sleeper sleeper(Runnable wake) {
        return new Pulse.Sleeper() {
            @Override
            public long due() {
                return 0;
            }

            @Override
            public void wake() {
                wake.run();
            }

            @Override
            public void giveUp() {}
        };
    }

    /** Seen in a server without an overload limit: the clock was gone, and with it every deadline and heartbeat. */
    @Test
    void aShortageOfMemoryDoesNotEndTheClock() throws Exception {
        Pulse pulse = new Pulse(System::nanoTime);
        CountDownLatch failures = new CountDownLatch(3);
        CountDownLatch woken = new CountDownLatch(3);
        pulse.add(sleeper(() -> {
            failures.countDown();
            throw new OutOfMemoryError("no buffer left");
        }));
        pulse.add(sleeper(woken::countDown));
        pulse.start(Duration.ofMillis(40));
        try {
            assertThat(failures.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(woken.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            pulse.close(Duration.ZERO);
        }
    }
}
