package dev.mortise.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Calls per second of every {@link Contender} over HTTP, each in a JVM of its own. They take turns in short rounds,
 * so that whatever else the machine does hits all of them.
 */
final class HttpComparison {
    private static final int CONNECTIONS = 32;
    private static final int ROUNDS = 12;

    /** The same time for all, long enough for the compiler to settle. */
    private static final Duration WARM_UP = Duration.ofSeconds(40);

    private static final String[] FLAGS = {"-Xms512m", "-Xmx512m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"};

    private HttpComparison() {}

    /** @param args how many seconds a round takes; 2 if nothing is said */
    public static void main(String[] args) throws Exception {
        Duration round = Duration.ofSeconds(args.length == 0 ? 2 : Integer.parseInt(args[0]));
        compare(WARM_UP, round, ROUNDS).forEach(System.out::println);
    }

    /** Returns the report, line by line. */
    static List<String> compare(Duration warmUp, Duration round, int rounds) throws Exception {
        try (Lane bare = new Lane(Contender.BARE, CONNECTIONS, FLAGS);
                Lane mortise = new Lane(Contender.MORTISE, CONNECTIONS, FLAGS);
                Lane sdk = new Lane(Contender.SDK, CONNECTIONS, FLAGS)) {
            if (!bare.reply().equals(mortise.reply())) {
                throw new IllegalStateException("They do not do the same: " + bare.reply() + " and " + mortise.reply());
            }
            List<Lane> lanes = List.of(bare, mortise, sdk);
            for (Lane lane : lanes) {
                lane.warmUp(warmUp);
            }
            for (int i = 0; i < rounds; i++) {
                for (Lane lane : lanes) {
                    lane.measure(round);
                }
            }
            return report(lanes);
        }
    }

    private static List<String> report(List<Lane> lanes) {
        List<Double> bare = lanes.getFirst().perSecond();
        List<String> lines = new ArrayList<>();
        lines.add("%d connections, %d rounds each by turns; medians over the rounds, ratios to the bare servlet"
                .formatted(CONNECTIONS, bare.size()));
        for (Lane lane : lanes) {
            List<Double> perSecond = lane.perSecond();
            List<Double> ratios = IntStream.range(0, bare.size())
                    .mapToObj(i -> perSecond.get(i) / bare.get(i))
                    .sorted()
                    .toList();
            lines.add("%-8s %6.0f calls/s, ratio %.2f (%.2f to %.2f), %s; per call %.1f us of CPU, %.0f bytes allocated"
                    .formatted(
                            lane.contender().name().toLowerCase(Locale.ROOT),
                            median(perSecond),
                            median(ratios),
                            ratios.getFirst(),
                            ratios.getLast(),
                            lane.latencies(),
                            lane.cpuMicrosPerCall(),
                            lane.bytesPerCall()));
        }
        return lines;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
