package dev.mortise.benchmarks.billing;

import dev.mortise.benchmarks.Gauges;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * The processor time and the memory that a call takes with metering, of all threads of the process, and how many calls
 * there are in a second; by turns in one run, for one caller and for some at once, whose charges are written in batches as
 * on a busy server. With SQLite the database is in the process, and in its time; PostgreSQL and Redis have their own.
 */
public final class MeteringRun {
    private static final List<Integer> CALLERS = List.of(1, 64, 256);
    private static final int ROUNDS = 5;
    private static final int WARM_UP_SECONDS = 10;
    private static final double MICRO = 1e3;

    private record Cost(ThreadTimes times, long bytes, long calls, double seconds) {
        double micros() {
            return times.all() / MICRO / calls;
        }

        double microsOf(long nanos) {
            return nanos / MICRO / calls;
        }
    }

    private MeteringRun() {}

    /**
     * @param args milliseconds of a round, 500 if nothing is said; where charges go, {@code sqlite}, {@code postgres} or
     *     {@code redis}, the first if nothing is said; and which kinds, besides none at all, all if nothing is said
     */
    public static void main(String[] args) throws Exception {
        long millis = args.length == 0 ? 500 : Long.parseLong(args[0]);
        String database = args.length < 2 ? "sqlite" : args[1];
        List<String> kinds = List.of(args).subList(Math.min(2, args.length), args.length);
        Map<Metered, MeteredServer> servers = new EnumMap<>(Metered.class);
        try {
            open(servers, database, kinds);
            for (Map.Entry<Metered, MeteredServer> each : servers.entrySet()) {
                round(each.getValue(), 64, WARM_UP_SECONDS * 1_000L);
                if (each.getKey() != Metered.NONE) {
                    // Each call is a transaction: with 64 there are too few of them for the compiler to look at what
                    // they do.
                    round(each.getValue(), 1, WARM_UP_SECONDS * 1_000L);
                }
            }
            for (int callers : CALLERS) {
                System.out.println(callers + (callers == 1 ? " caller" : " callers at once"));
                report(measure(servers, callers, millis));
            }
        } finally {
            servers.values().forEach(MeteredServer::close);
        }
    }

    private static void open(Map<Metered, MeteredServer> servers, String database, List<String> kinds)
            throws IOException {
        for (Metered metered : Metered.values()) {
            boolean wanted = metered == Metered.NONE || kinds.isEmpty() || kinds.contains(metered.name());
            if (wanted && metered.isOf(database)) {
                servers.put(metered, new MeteredServer(metered, database));
            }
        }
    }

    private static Map<Metered, Cost[]> measure(Map<Metered, MeteredServer> servers, int callers, long millis)
            throws Exception {
        Map<Metered, Cost[]> costs = new EnumMap<>(Metered.class);
        for (int round = -1; round < ROUNDS; round++) {
            for (Map.Entry<Metered, MeteredServer> each : servers.entrySet()) {
                Cost cost = round(each.getValue(), callers, millis);
                if (round >= 0) {
                    costs.computeIfAbsent(each.getKey(), metered -> new Cost[ROUNDS])[round] = cost;
                }
            }
        }
        return costs;
    }

    private static Cost round(MeteredServer server, int callers, long millis) throws Exception {
        LongAdder calls = new LongAdder();
        Gauges before = Gauges.now(0);
        ThreadTimes times = ThreadTimes.now();
        long began = System.nanoTime();
        long end = began + millis * 1_000_000;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < callers; c++) {
                threads.execute(() -> {
                    while (System.nanoTime() - end < 0) {
                        server.call();
                        calls.increment();
                    }
                });
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        ThreadTimes spent = ThreadTimes.now().since(times);
        return new Cost(spent, Gauges.now(0).allocatedBytes() - before.allocatedBytes(), calls.sum(), seconds);
    }

    private static void report(Map<Metered, Cost[]> costs) {
        Cost[] none = Objects.requireNonNull(costs.get(Metered.NONE));
        costs.forEach((metered, rounds) -> {
            double[] more = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                more[i] = rounds[i].micros() - none[i].micros();
            }
            Arrays.sort(more);
            System.out.printf(
                    "  %-13s %6.1f us of CPU a call (%5.1f calls, %5.1f SQLite, %4.1f compiling, %4.1f others),"
                            + " %6.0f bytes; adds %6.1f us (%5.1f to %5.1f); %7.0f calls/s%n",
                    metered,
                    median(rounds, Cost::micros),
                    median(rounds, cost -> cost.microsOf(cost.times().calls())),
                    median(rounds, cost -> cost.microsOf(cost.times().database())),
                    median(rounds, cost -> cost.microsOf(cost.times().compiling())),
                    median(rounds, cost -> cost.microsOf(cost.times().others())),
                    median(rounds, cost -> (double) cost.bytes() / cost.calls()),
                    more[ROUNDS / 2],
                    more[0],
                    more[ROUNDS - 1],
                    median(rounds, cost -> cost.calls() / cost.seconds()));
        });
    }

    private static double median(Cost[] rounds, ToDoubleFunction<Cost> value) {
        double[] values = Arrays.stream(rounds).mapToDouble(value).sorted().toArray();
        return values[values.length / 2];
    }
}
