package dev.mortise.benchmarks;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * The processor time and the memory that a call takes behind {@link Guards}, of all threads of the process, by turns in
 * one run. Some callers at once, on virtual threads, so that decisions are taken down in batches, as on a busy server.
 */
final class ChainRun {
    private static final int CALLERS = 64;
    private static final int ROUNDS = 9;
    private static final int WARM_UPS = 8;

    private record Cost(double nanos, double bytes) {}

    private ChainRun() {}

    /** @param args milliseconds of a round; 300 if nothing is said */
    public static void main(String[] args) throws Exception {
        long millis = args.length == 0 ? 300 : Long.parseLong(args[0]);
        Map<Guards, GuardedServer> servers = new EnumMap<>(Guards.class);
        try {
            for (Guards guards : Guards.values()) {
                servers.put(guards, new GuardedServer(guards));
            }
            report(measure(servers, millis));
        } finally {
            servers.values().forEach(GuardedServer::close);
        }
    }

    private static Map<Guards, Cost[]> measure(Map<Guards, GuardedServer> servers, long millis) throws Exception {
        Map<Guards, Cost[]> costs = new EnumMap<>(Guards.class);
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            for (Map.Entry<Guards, GuardedServer> each : servers.entrySet()) {
                Cost cost = round(each.getValue(), millis);
                if (round >= 0) {
                    costs.computeIfAbsent(each.getKey(), guards -> new Cost[ROUNDS])[round] = cost;
                }
            }
        }
        return costs;
    }

    private static Cost round(GuardedServer server, long millis) throws Exception {
        LongAdder calls = new LongAdder();
        Gauges before = Gauges.now(0);
        long end = System.nanoTime() + millis * 1_000_000;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < CALLERS; c++) {
                threads.execute(() -> {
                    while (System.nanoTime() - end < 0) {
                        server.call();
                        calls.increment();
                    }
                });
            }
        }
        Gauges after = Gauges.now(0);
        double count = calls.sum();
        return new Cost(
                (after.cpuNanos() - before.cpuNanos()) / count,
                (after.allocatedBytes() - before.allocatedBytes()) / count);
    }

    private static void report(Map<Guards, Cost[]> costs) {
        Cost[] none = Objects.requireNonNull(costs.get(Guards.NONE));
        costs.forEach((guards, rounds) -> {
            double[] nanos = Arrays.stream(rounds).mapToDouble(Cost::nanos).toArray();
            double[] bytes = Arrays.stream(rounds).mapToDouble(Cost::bytes).toArray();
            double[] more = new double[ROUNDS];
            double[] moreBytes = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                more[i] = nanos[i] - none[i].nanos();
                moreBytes[i] = bytes[i] - none[i].bytes();
            }
            System.out.printf(
                    "%-15s %6.1f us of CPU, %6.0f bytes a call; adds %5.1f us (%5.1f to %5.1f), %5.0f bytes%n",
                    guards,
                    median(nanos) / 1e3,
                    median(bytes),
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
