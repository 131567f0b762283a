package dev.mortise.benchmarks.billing;

import dev.mortise.benchmarks.Gauges;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * The processor time and the memory that a call takes with metering, of all threads of the process, and how many calls
 * there are in a second; by turns in one run. Some callers at once, on virtual threads, so that charges are written in
 * batches, as on a busy server. With SQLite the database is in the process, and in its time; PostgreSQL has its own.
 */
public final class MeteringRun {
    private static final int CALLERS = 64;
    private static final int ROUNDS = 9;
    private static final int WARM_UPS = 8;

    private record Cost(double nanos, double bytes, double callsPerSecond) {}

    private MeteringRun() {}

    /** @param args milliseconds of a round, 300 if nothing is said; and the database, {@code sqlite} if nothing is said */
    public static void main(String[] args) throws Exception {
        long millis = args.length == 0 ? 300 : Long.parseLong(args[0]);
        String database = args.length < 2 ? "sqlite" : args[1];
        Map<Metered, MeteredServer> servers = new EnumMap<>(Metered.class);
        try {
            open(servers, database);
            report(measure(servers, millis));
        } finally {
            servers.values().forEach(MeteredServer::close);
        }
    }

    private static void open(Map<Metered, MeteredServer> servers, String database) throws IOException {
        for (Metered metered : Metered.values()) {
            servers.put(metered, new MeteredServer(metered, database));
        }
    }

    private static Map<Metered, Cost[]> measure(Map<Metered, MeteredServer> servers, long millis) throws Exception {
        Map<Metered, Cost[]> costs = new EnumMap<>(Metered.class);
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            for (Map.Entry<Metered, MeteredServer> each : servers.entrySet()) {
                Cost cost = round(each.getValue(), millis);
                if (round >= 0) {
                    costs.computeIfAbsent(each.getKey(), metered -> new Cost[ROUNDS])[round] = cost;
                }
            }
        }
        return costs;
    }

    private static Cost round(MeteredServer server, long millis) throws Exception {
        LongAdder calls = new LongAdder();
        Gauges before = Gauges.now(0);
        long began = System.nanoTime();
        long end = began + millis * 1_000_000;
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
                (after.allocatedBytes() - before.allocatedBytes()) / count,
                count / ((System.nanoTime() - began) / 1e9));
    }

    private static void report(Map<Metered, Cost[]> costs) {
        Cost[] none = Objects.requireNonNull(costs.get(Metered.NONE));
        costs.forEach((metered, rounds) -> {
            double[] nanos = Arrays.stream(rounds).mapToDouble(Cost::nanos).toArray();
            double[] bytes = Arrays.stream(rounds).mapToDouble(Cost::bytes).toArray();
            double[] calls =
                    Arrays.stream(rounds).mapToDouble(Cost::callsPerSecond).toArray();
            double[] more = new double[ROUNDS];
            double[] moreBytes = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                more[i] = nanos[i] - none[i].nanos();
                moreBytes[i] = bytes[i] - none[i].bytes();
            }
            System.out.printf(
                    "%-9s %6.1f us of CPU, %6.0f bytes a call; adds %5.1f us (%5.1f to %5.1f), %5.0f bytes;"
                            + " %6.0f calls/s%n",
                    metered,
                    median(nanos) / 1e3,
                    median(bytes),
                    median(more) / 1e3,
                    more[0] / 1e3,
                    more[ROUNDS - 1] / 1e3,
                    median(moreBytes),
                    median(calls));
        });
    }

    /** Sorts them, too. */
    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
