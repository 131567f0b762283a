package dev.mortise.examples.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a JVM holds on to, seen from outside.
 *
 * @param descriptors files and connections that are open
 * @param threads of both kinds
 * @param heapBytes that are alive after a full collection
 * @param residentBytes of the process, with what is not on the heap: for people to look at, since it comes and goes
 */
record Vitals(int descriptors, int threads, long heapBytes, long residentBytes) {
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");
    private static final Pattern THREAD = Pattern.compile("\"tid\": ");

    static Vitals of(long pid, Path directory) throws IOException, InterruptedException {
        Path dump = directory.resolve("threads.json");
        jcmd(pid, "Thread.dump_to_file", "-overwrite", "-format=json", dump.toString());
        int threads = (int) THREAD.matcher(Files.readString(dump)).results().count();
        Matcher total = TOTAL.matcher(jcmd(pid, "GC.class_histogram"));
        if (!total.find()) {
            throw new IOException("No total in the histogram of classes");
        }
        Path process = Path.of("/proc", Long.toString(pid));
        Matcher resident = RESIDENT.matcher(Files.readString(process.resolve("status")));
        if (!resident.find()) {
            throw new IOException("No resident memory in the status of the process");
        }
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            return new Vitals(
                    (int) open.count(),
                    threads,
                    Long.parseLong(total.group(1)),
                    1024 * Long.parseLong(resident.group(1)));
        }
    }

    /** The least of each: what was still on its way out, at one of the looks, does not count as needed. */
    Vitals least(Vitals other) {
        return new Vitals(
                Math.min(descriptors, other.descriptors),
                Math.min(threads, other.threads),
                Math.min(heapBytes, other.heapBytes),
                Math.min(residentBytes, other.residentBytes));
    }

    private static String jcmd(long pid, String... command) throws IOException, InterruptedException {
        List<String> all = Stream.concat(Stream.of(Processes.program("jcmd"), Long.toString(pid)), Stream.of(command))
                .toList();
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", all) + ": " + said);
        }
        return said;
    }

    @Override
    public String toString() {
        return "%d descriptors, %d threads, %.1f MB of heap, %.0f MB resident"
                .formatted(descriptors, threads, heapBytes / 1e6, residentBytes / 1e6);
    }
}
