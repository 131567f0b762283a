package dev.mortise.benchmarks;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.resilience.Overload;
import dev.mortise.mcp.resilience.Resilience;
import dev.mortise.mcp.server.Tool;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A server whose tool has room for so many calls at once, and three times as many calls as it can do: with an overload
 * limit and without. In memory, so that what is measured is the limit and not the load generator's share of the machine.
 */
final class OverloadRun {
    private static final int ROOM = 8;
    private static final Duration WORK = Duration.ofMillis(10);
    private static final String TOOL = "work";
    private static final String DONE = "\"text\":\"done\"";
    private static final Duration WAITED_FOR = Duration.ofSeconds(1);

    /**
     * A stretch of time.
     *
     * @param goodput answers a second that came while somebody waited for them, which is for a second
     * @param admitted how long calls took that were not refused, from when they were due
     * @param most calls that were under way at once
     * @param heapBytes in use after a collection, when it was over
     */
    record Phase(double goodput, Latencies admitted, int refused, int most, long heapBytes) {
        String line(String name) {
            return "%-26s %7.0f in time/s, %7d refused, at most %6d at once; admitted %s; heap %.1f MB"
                    .formatted(name, goodput, refused, most, admitted.summary(), heapBytes / 1e6);
        }
    }

    /** What came of it. */
    record Report(Phase peak, Phase first, Phase second, Phase unlimited) {
        /** Of the most that was ever seen: a first phase that something disturbed makes overload no better. */
        double kept() {
            return Math.min(first.goodput(), second.goodput())
                    / Math.max(peak.goodput(), Math.max(first.goodput(), second.goodput()));
        }

        List<String> lines() {
            return List.of(
                    peak.line("at capacity"),
                    first.line("3x, first half"),
                    second.line("3x, second half"),
                    unlimited.line("3x, without a limit"),
                    "goodput kept under overload: %.0f %% of the peak".formatted(100 * kept()));
        }
    }

    private final byte[] call = Workload.call(TOOL).getBytes(StandardCharsets.UTF_8);

    private OverloadRun() {}

    /** @param args seconds of overload; 30 if nothing is said */
    public static void main(String[] args) throws InterruptedException {
        int seconds = args.length == 0 ? 30 : Integer.parseInt(args[0]);
        run(Duration.ofSeconds(seconds)).lines().forEach(System.out::println);
    }

    static Report run(Duration overload) throws InterruptedException {
        OverloadRun run = new OverloadRun();
        double capacity = ROOM * 1e9 / WORK.toNanos();
        Duration half = overload.dividedBy(2);
        Duration quarter = overload.dividedBy(4);
        try (McpServer limited = server(true);
                McpServer unlimited = server(false)) {
            run.phase(limited, 0.5 * capacity, quarter);
            Phase peak = run.phase(limited, 0.95 * capacity, quarter);
            Phase first = run.phase(limited, 3 * capacity, half);
            Phase second = run.phase(limited, 3 * capacity, half);
            return new Report(peak, first, second, run.phase(unlimited, 3 * capacity, quarter));
        }
    }

    private static McpServer server(boolean limit) {
        Semaphore room = new Semaphore(ROOM, true);
        McpServerBuilder builder = McpServer.builder("overloaded", "1.0")
                .shutdownGrace(Duration.ZERO)
                .tool(Tool.named(TOOL).input(Workload.Item.class).handle((in, call) -> {
                    room.acquire();
                    try {
                        Thread.sleep(WORK);
                        return "done";
                    } finally {
                        room.release();
                    }
                }));
        if (limit) {
            builder.plugin(Resilience.builder().overload(Overload.adaptive()).build());
        }
        return builder.build();
    }

    /** Calls come at an even rate, whether earlier ones are answered or not: as from many who know nothing of each other. */
    private Phase phase(McpServer server, double rate, Duration duration) throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        Latencies admitted = new Latencies();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger inTime = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        int most = 0;
        long began = System.nanoTime();
        long gap = (long) (1e9 / rate);
        for (long due = began; due - began < duration.toNanos(); due += gap) {
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            long since = due;
            most = Math.max(most, running.incrementAndGet());
            threads.add(Thread.startVirtualThread(() -> {
                MemoryExchange exchange = new MemoryExchange(call);
                server.handle(exchange);
                long took = System.nanoTime() - since;
                running.decrementAndGet();
                if (!new String(exchange.written(), StandardCharsets.UTF_8).contains(DONE)) {
                    refused.incrementAndGet();
                    return;
                }
                if (took <= WAITED_FOR.toNanos()) {
                    inTime.incrementAndGet();
                }
                lock.lock();
                try {
                    admitted.add(took);
                } finally {
                    lock.unlock();
                }
            }));
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        server.disconnect(caller -> true);
        for (Thread thread : threads) {
            thread.join();
        }
        threads.clear();
        return new Phase(inTime.get() / seconds, admitted, refused.get(), most, heapAfterCollection());
    }

    private static long heapAfterCollection() {
        System.gc();
        return Gauges.now(0).heapBytes();
    }
}
