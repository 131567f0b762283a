package dev.mortise.benchmarks.vectors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Prints a table of vector indexes: queries a second of one thread at equal recall of the ten nearest, without a filter and
 * with each, by turns in one run. Indexes are built where there are none, and kept.
 */
final class VectorRun {
    private static final double[] RECALLS = {0.90, 0.95, 0.99};

    private final VectorOptions options;
    private final Path folder;

    VectorRun(VectorOptions options) {
        this.options = options;
        this.folder = options.folder().resolve(options.data().name());
    }

    public static void main(String[] args) throws IOException {
        try {
            System.out.print(new VectorRun(VectorOptions.of(args)).table());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    String table() throws IOException {
        Files.createDirectories(folder);
        for (Kind kind : options.kinds()) {
            build(kind.built());
        }
        Truth truth = Truth.of(options.data(), folder);
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                "%s; %d queries%n", options.data().name(), options.data().queries()));
        table.append(
                String.format("%-8s %-19s %9s %9s %9s  %6s%n", "pass", "", "at 0.90", "at 0.95", "at 0.99", "found"));
        Map<Share, Map<Kind, Sweep>> sweeps = measure(truth);
        sweeps.forEach((share, byKind) -> byKind.forEach((kind, sweep) -> table.append(line(share, kind, sweep))));
        table.append(String.format("%-28s %9s %9s%n", "", "vectors/s", "bytes"));
        for (Kind kind : options.kinds()) {
            if (Files.exists(times(kind))) {
                table.append(size(kind));
            }
        }
        return table.toString();
    }

    /** Those with the same index are opened one after the other: ours belongs to one writer, which readers do not mind. */
    private Map<Share, Map<Kind, Sweep>> measure(Truth truth) throws IOException {
        float[][] queries = Sweep.queries(options.data());
        Map<Share, Map<Kind, Sweep>> sweeps = new EnumMap<>(Share.class);
        Map<Kind, VectorIndex> indexes = new EnumMap<>(Kind.class);
        try {
            for (Kind kind : options.kinds()) {
                indexes.put(kind, kind.open(options.data(), index(kind.built())));
            }
            for (Share share : options.shares()) {
                Map<Kind, Sweep> byKind = new EnumMap<>(Kind.class);
                for (Map.Entry<Kind, VectorIndex> each : indexes.entrySet()) {
                    byKind.put(each.getKey(), new Sweep(each.getValue(), share, queries, truth));
                }
                for (int round = 0; round < options.rounds(); round++) {
                    for (Sweep sweep : byKind.values()) {
                        sweep.round(options.millis());
                    }
                }
                sweeps.put(share, byKind);
            }
        } finally {
            for (VectorIndex index : indexes.values()) {
                index.close();
            }
        }
        return sweeps;
    }

    private String line(Share share, Kind kind, Sweep sweep) {
        StringBuilder line = new StringBuilder(String.format("%-8s %-19s", name(share), name(kind)));
        for (double recall : RECALLS) {
            OptionalDouble rate = sweep.rateAt(recall);
            line.append(rate.isPresent() ? String.format(" %9.0f", rate.getAsDouble()) : "         -");
        }
        line.append(String.format("  %6.3f%n", sweep.best()));
        if (options.points()) {
            line.append("        ").append(sweep).append(System.lineSeparator());
        }
        return line.toString();
    }

    private void build(Kind kind) throws IOException {
        if (Files.exists(times(kind)) || Files.exists(index(kind))) {
            if (Files.exists(times(kind))) {
                return;
            }
            throw new IOException("A run ended while it built " + index(kind) + ": delete it");
        }
        long begin = System.nanoTime();
        kind.build(options.data(), index(kind));
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (Files.exists(index(kind))) {
            Files.writeString(times(kind), String.valueOf(options.data().size() / seconds));
        }
    }

    private String size(Kind kind) throws IOException {
        try (VectorIndex index = kind.open(options.data(), index(kind))) {
            return String.format(
                    "%-28s %9.0f %9.0f%n",
                    name(kind),
                    Double.parseDouble(Files.readString(times(kind))),
                    index.bytes() / (double) options.data().size());
        }
    }

    private Path index(Kind kind) {
        return folder.resolve(name(kind));
    }

    private Path times(Kind kind) {
        return folder.resolve(name(kind) + ".rate");
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
