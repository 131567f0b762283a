package dev.mortise.benchmarks.vectors;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is measured.
 *
 * @param folder where indexes are kept from one run to the next
 * @param millis of each measurement of one width in a round
 */
record VectorOptions(
        Path folder, VectorData data, Set<Kind> kinds, Set<Share> shares, int millis, int rounds, boolean points) {
    static final String USAGE = """
            usage: vectors FOLDER [size=100000] [dimensions=384] [shape=clustered|anisotropic] [only=mortise,jvector,...]
                   [shares=all,one,ten,half,tenant] [millis=50] [rounds=5] [points=true]""";

    private static final Pattern COMMA = Pattern.compile(",");

    static VectorOptions of(String... args) {
        if (args.length == 0) {
            throw new IllegalArgumentException(USAGE);
        }
        VectorData data = new VectorData(VectorData.Shape.CLUSTERED, 100_000, 384);
        VectorOptions options = new VectorOptions(
                Path.of(args[0]), data, EnumSet.allOf(Kind.class), EnumSet.allOf(Share.class), 50, 5, false);
        for (String arg : Arrays.asList(args).subList(1, args.length)) {
            options = options.with(arg);
        }
        return options;
    }

    private VectorOptions with(String arg) {
        int at = arg.indexOf('=');
        if (at < 0) {
            throw new IllegalArgumentException(USAGE);
        }
        String value = arg.substring(at + 1);
        return switch (arg.substring(0, at)) {
            case "size" -> with(new VectorData(data.shape(), Integer.parseInt(value), data.dimensions()));
            case "dimensions" -> with(new VectorData(data.shape(), data.size(), Integer.parseInt(value)));
            case "shape" ->
                with(new VectorData(
                        VectorData.Shape.valueOf(value.toUpperCase(Locale.ROOT)), data.size(), data.dimensions()));
            case "only" -> new VectorOptions(folder, data, set(value, Kind::valueOf), shares, millis, rounds, points);
            case "shares" -> new VectorOptions(folder, data, kinds, set(value, Share::valueOf), millis, rounds, points);
            case "millis" -> new VectorOptions(folder, data, kinds, shares, Integer.parseInt(value), rounds, points);
            case "rounds" -> new VectorOptions(folder, data, kinds, shares, millis, Integer.parseInt(value), points);
            case "points" ->
                new VectorOptions(folder, data, kinds, shares, millis, rounds, Boolean.parseBoolean(value));
            default -> throw new IllegalArgumentException(USAGE);
        };
    }

    private VectorOptions with(VectorData newData) {
        return new VectorOptions(folder, newData, kinds, shares, millis, rounds, points);
    }

    private static <E extends Enum<E>> Set<E> set(String names, Function<String, E> valueOf) {
        return COMMA.splitAsStream(names)
                .map(name -> name.toUpperCase(Locale.ROOT).replace('-', '_'))
                .map(valueOf)
                .collect(Collectors.toCollection(java.util.TreeSet::new));
    }
}
