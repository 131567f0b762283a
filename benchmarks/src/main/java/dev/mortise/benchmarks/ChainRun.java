package dev.mortise.benchmarks;

import dev.mortise.benchmarks.billing.ThreadTimes;
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
 * The processor time and the memory that a call takes behind {@link Guards}, of all threads of the process, by turns in
 * one run. Some callers at once, on virtual threads, so that decisions are taken down in batches, as on a busy server; and
 * more of them, whose batches are larger. Linux only.
 */
final class ChainRun {
    private static final List<Integer> CALLERS = List.of(64, 256);
    private static final int ROUNDS = 9;
    private static final int WARM_UPS = 8;
    private static final double MICRO = 1e3;

    private record Cost(ThreadTimes times, long allocated, long calls) {
        double micros() {
            return microsOf(times.all());
        }

        double microsOf(long nanos) {
            return nanos / MICRO / calls;
        }

        double bytes() {
            return (double) allocated / calls;
        }
    }

    private ChainRun() {}

    /** @param args milliseconds of a round; 300 if nothing is said */
    public static void main(String[] args) throws Exception {
        long millis = args.length == 0 ? 300 : Long.parseLong(args[0]);
        Map<Guards, GuardedServer> servers = new EnumMap<>(Guards.class);
        try {
            for (Guards guards : Guards.values()) {
                servers.put(guards, new GuardedServer(guards));
            }
            for (int callers : CALLERS) {
                System.out.println(callers + " callers at once");
                report(measure(servers, callers, millis));
            }
        } finally {
            servers.values().forEach(GuardedServer::close);
        }
    }

    private static Map<Guards, Cost[]> measure(Map<Guards, GuardedServer> servers, int callers, long millis)
            throws Exception {
        Map<Guards, Cost[]> costs = new EnumMap<>(Guards.class);
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            for (Map.Entry<Guards, GuardedServer> each : servers.entrySet()) {
                Cost cost = round(each.getValue(), callers, millis);
                if (round >= 0) {
                    costs.computeIfAbsent(each.getKey(), guards -> new Cost[ROUNDS])[round] = cost;
                }
            }
        }
        return costs;
    }

    private static Cost round(GuardedServer server, int callers, long millis) throws Exception {
        LongAdder calls = new LongAdder();
        Gauges before = Gauges.now(0);
        ThreadTimes times = ThreadTimes.now();
        long end = System.nanoTime() + millis * 1_000_000;
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
        ThreadTimes spent = ThreadTimes.now().since(times);
        return new Cost(spent, Gauges.now(0).allocatedBytes() - before.allocatedBytes(), calls.sum());
    }

    private static void report(Map<Guards, Cost[]> costs) {
        Cost[] none = Objects.requireNonNull(costs.get(Guards.NONE));
        costs.forEach((guards, rounds) -> {
            double[] more = new double[ROUNDS];
            double[] moreBytes = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                more[i] = rounds[i].micros() - none[i].micros();
                moreBytes[i] = rounds[i].bytes() - none[i].bytes();
            }
            Arrays.sort(more);
            Arrays.sort(moreBytes);
            System.out.printf(
                    "  %-15s %6.1f us of CPU (%5.1f calls, %5.1f SQLite, %4.1f compiling, %4.1f others), %6.0f bytes a call;"
                            + " adds %5.1f us (%5.1f to %5.1f), %5.0f bytes%n",
                    guards,
                    median(rounds, Cost::micros),
                    median(rounds, cost -> cost.microsOf(cost.times().calls())),
                    median(rounds, cost -> cost.microsOf(cost.times().database())),
                    median(rounds, cost -> cost.microsOf(cost.times().compiling())),
                    median(rounds, cost -> cost.microsOf(cost.times().others())),
                    median(rounds, Cost::bytes),
                    more[ROUNDS / 2],
                    more[0],
                    more[ROUNDS - 1],
                    moreBytes[ROUNDS / 2]);
        });
    }

    private static double median(Cost[] rounds, ToDoubleFunction<Cost> value) {
        double[] values = Arrays.stream(rounds).mapToDouble(value).sorted().toArray();
        return values[values.length / 2];
    }
}
