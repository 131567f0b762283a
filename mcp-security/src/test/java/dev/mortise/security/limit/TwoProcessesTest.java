package dev.mortise.security.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.store.TestRedis;
import dev.mortise.mcp.store.redis.JedisRedis;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two processes of eight threads each, and one Redis: the last token is given out once. */
@Timeout(120)
class TwoProcessesTest {
    private static final int TOKENS = 1_000;
    private static final int THREADS = 8;
    /** Fewer for a process than there are tokens, so that both get some; more for both together. */
    private static final int TRIES = 100;

    /** The window never moves while this runs: a day's tokens come back after a minute and a half each. */
    private static final List<RateStore.Charge> CHARGES = List.of(
            new RateStore.Charge("caller", new Rate(TOKENS, Duration.ofDays(366), TOKENS), "ann", 1),
            new RateStore.Charge("all", Rate.perDay(1_000_000), "all", 1));

    /** One of the processes: waits for a line, takes what it can get, and writes how much that was. */
    public static void main(String[] arguments) throws Exception {
        try (JedisRedis redis = JedisRedis.connect(URI.create(arguments[0]), Duration.ofSeconds(10));
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            RateStore store = RedisRateStore.over(redis);
            CountDownLatch go = new CountDownLatch(1);
            List<Future<Integer>> counts = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                counts.add(threads.submit(() -> {
                    go.await();
                    int admitted = 0;
                    for (int i = 0; i < TRIES; i++) {
                        if (store.take(CHARGES).admitted()) {
                            admitted++;
                        }
                    }
                    return admitted;
                }));
            }
            System.out.println("ready");
            System.in.read();
            go.countDown();
            int sum = 0;
            for (Future<Integer> count : counts) {
                sum += count.get();
            }
            System.out.println(sum);
        }
    }

    @Test
    void nothingIsGivenOutTwice() throws Exception {
        try (TestRedis server = TestRedis.start()) {
            List<Process> processes = new ArrayList<>();
            List<BufferedReader> outputs = new ArrayList<>();
            try {
                for (int p = 0; p < 2; p++) {
                    Process process = start(server.uri());
                    processes.add(process);
                    outputs.add(new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
                }
                for (BufferedReader output : outputs) {
                    assertThat(output.readLine()).isEqualTo("ready");
                }
                for (Process process : processes) {
                    process.getOutputStream().write('\n');
                    process.getOutputStream().flush();
                }
                int sum = 0;
                for (BufferedReader output : outputs) {
                    int taken = Integer.parseInt(output.readLine());
                    assertThat(taken).as("both of them get some").isPositive();
                    sum += taken;
                }
                assertThat(sum).isEqualTo(TOKENS);
            } finally {
                processes.forEach(Process::destroyForcibly);
                for (Process process : processes) {
                    process.waitFor();
                }
            }
        }
    }

    private static Process start(URI redis) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        TwoProcessesTest.class.getName(),
                        redis.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
