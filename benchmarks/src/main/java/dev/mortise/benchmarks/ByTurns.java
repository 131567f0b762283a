package dev.mortise.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * The processor time and the memory that calls of different kinds take, of all threads of the process, by turns in one
 * run: what disturbs the machine disturbs all of them, and the difference within a round is what one adds to the first.
 */
final class ByTurns {
    /** Fewer than an overload limit may ever come down to: a refusal is another call than the one to be measured. */
    private static final int CALLERS = 4;

    private static final int ROUNDS = 9;
    private static final int WARM_UPS = 8;

    private record Cost(double nanos, double bytes) {}

    private final Map<String, Runnable> calls = new LinkedHashMap<>();
    private final boolean ownThread;

    /** @param ownThread whether each call has a virtual thread of its own, as in a container, and is not one of a loop */
    ByTurns(boolean ownThread) {
        this.ownThread = ownThread;
    }

    ByTurns with(String name, Runnable call) {
        calls.put(name, call);
        return this;
    }

    /** @param millis of a round */
    void run(long millis) throws InterruptedException {
        Map<String, List<Cost>> costs = new LinkedHashMap<>();
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            for (Map.Entry<String, Runnable> each : calls.entrySet()) {
                Cost cost = round(each.getValue(), millis);
                if (round >= 0) {
                    costs.computeIfAbsent(each.getKey(), name -> new ArrayList<>())
                            .add(cost);
                }
            }
        }
        report(costs);
    }

    private Cost round(Runnable call, long millis) throws InterruptedException {
        LongAdder count = new LongAdder();
        Gauges before = Gauges.now(0);
        long end = System.nanoTime() + millis * 1_000_000;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < CALLERS; c++) {
                threads.execute(() -> {
                    while (System.nanoTime() - end < 0) {
                        once(call);
                        count.increment();
                    }
                });
            }
        }
        Gauges after = Gauges.now(0);
        double calls = count.sum();
        return new Cost(
                (after.cpuNanos() - before.cpuNanos()) / calls,
                (after.allocatedBytes() - before.allocatedBytes()) / calls);
    }

    private void once(Runnable call) {
        if (!ownThread) {
            call.run();
            return;
        }
        try {
            Thread.ofVirtual().start(call).join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts a caller", e);
        }
    }

    private static void report(Map<String, List<Cost>> costs) {
        List<Cost> first = costs.values().iterator().next();
        costs.forEach((name, rounds) -> {
            double[] more = new double[ROUNDS];
            double[] moreBytes = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                more[i] = rounds.get(i).nanos() - first.get(i).nanos();
                moreBytes[i] = rounds.get(i).bytes() - first.get(i).bytes();
            }
            System.out.printf(
                    "%-10s %6.1f us of CPU, %6.0f bytes a call; adds %5.1f us (%5.1f to %5.1f), %5.0f bytes%n",
                    name,
                    median(rounds.stream().mapToDouble(Cost::nanos).toArray()) / 1e3,
                    median(rounds.stream().mapToDouble(Cost::bytes).toArray()),
                    median(more) / 1e3,
                    more[0] / 1e3,
                    more[ROUNDS - 1] / 1e3,
                    median(moreBytes));
        });
    }

    /** Sorts them, too. */
    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
