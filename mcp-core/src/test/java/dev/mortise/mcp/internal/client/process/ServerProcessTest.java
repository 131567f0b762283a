package dev.mortise.mcp.internal.client.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.client.ServerCommand;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@EnabledOnOs({OS.LINUX, OS.MAC})
class ServerProcessTest {
    /** The JDK runs what waits for a process in the common pool, which is the host's, and may be busy for long. */
    @Test
    void anEndIsNoticedWhoeverHoldsTheCommonPool() throws Exception {
        int workers = ForkJoinPool.getCommonPoolParallelism();
        CountDownLatch occupied = new CountDownLatch(workers);
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 0; i < workers; i++) {
            ForkJoinPool.commonPool().execute(() -> {
                occupied.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        try {
            occupied.await();
            ServerProcess process = ServerProcess.start(
                    ServerCommand.of("/bin/sh", "-c", "exit 3").grace(Duration.ofMillis(100)));
            CountDownLatch ended = new CountDownLatch(1);
            process.onExit(ended::countDown);

            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.ending()).isEqualTo("exited with 3");
            process.stop();
        } finally {
            release.countDown();
        }
    }
}
