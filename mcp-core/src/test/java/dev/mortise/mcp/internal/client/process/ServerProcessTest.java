package dev.mortise.mcp.internal.client.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.client.ServerCommand;
import java.io.IOException;
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
    private static ServerProcess started(String script) {
        return ServerProcess.start(ServerCommand.of("/bin/sh", "-c", script).grace(Duration.ofMillis(100)));
    }

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
            ServerProcess process = started("exit 3");
            CountDownLatch ended = new CountDownLatch(1);
            process.onExit(ended::countDown);

            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.ending()).isEqualTo("exited with 3");
            process.stop();
        } finally {
            release.countDown();
        }
    }

    /** As behind a launcher: somebody reads what a child may still write. */
    @Test
    void anEndIsNoticedWhileAChildHoldsTheOutput() throws Exception {
        ServerProcess process = started("sleep 100 & echo $!; exit 3");
        long child = Long.parseLong(firstLine(process));
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch drained = new CountDownLatch(1);
        Thread reader = Thread.ofPlatform().daemon().start(() -> {
            try {
                if (process.output().read() < 0) {
                    drained.countDown();
                }
            } catch (IOException e) {
                drained.countDown();
            }
        });
        process.onExit(ended::countDown);

        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(drained.getCount()).as("the child still holds it").isEqualTo(1);
        ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
        assertThat(drained.await(30, TimeUnit.SECONDS)).isTrue();
        reader.join();
        process.stop();
    }

    private static String firstLine(ServerProcess process) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = process.output().read(); c != '\n'; c = process.output().read()) {
            line.append((char) c);
        }
        return line.toString();
    }
}
