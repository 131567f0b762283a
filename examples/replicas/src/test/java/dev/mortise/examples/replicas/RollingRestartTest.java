package dev.mortise.examples.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each replica is restarted as an operator does, under load, and nobody notices. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RollingRestartTest {
    @TempDir
    Path directory;

    @Test
    void aRestartFailsNoRequest() throws Exception {
        try (Processes processes = Processes.start(directory);
                Traffic traffic = new Traffic(processes.proxy()).begin()) {
            for (int index = 0; index < 2; index++) {
                await(traffic, "call", 100);
                await(traffic, "slow call", 4);
                assertThat(traffic.replicas()).contains(processes.address(0), processes.address(1));
                int streams = traffic.done("stream") + traffic.done("legacy stream");
                processes.terminateReplica(index);
                traffic.replicas();
                await(traffic, "call", 100);
                assertThat(traffic.replicas()).containsExactly(processes.address(1 - index));
                assertThat(traffic.done("stream") + traffic.done("legacy stream"))
                        .as("streams that were ended, and opened elsewhere")
                        .isGreaterThan(streams);
                processes.startReplica(index);
                traffic.replicas();
            }
            await(traffic, "call", 100);
            await(traffic, "legacy call", 100);
            System.out.println(traffic);
            assertThat(traffic.failures()).as(processes.logs()).isEmpty();
        }
    }

    private static void await(Traffic traffic, String what, int more) throws InterruptedException {
        int enough = traffic.done(what) + more;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (traffic.done(what) < enough) {
            assertThat(System.nanoTime())
                    .as("%s; %s", traffic, traffic.failures())
                    .isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
