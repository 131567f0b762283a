package dev.mortise.examples.production.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one query may take of time and of memory, from when this is made. SQLite as it comes with its driver counts no
 * memory: so the system is asked how much more writable memory the process has, but for the heap of Java. That counts what
 * runs beside it, too, which makes it the stricter, and is known on Linux only. Asked by the thread of the query.
 */
final class Allowance {
    private static final Path MEMORY = Path.of("/proc/self/status");
    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(5);

    private final long start = System.nanoTime();
    private final long nanos;
    private final long bytes;
    private final long before = used();
    private long lastLook = start;
    private @Nullable String problem;

    Allowance(long nanos, long bytes) {
        this.nanos = nanos;
        this.bytes = bytes;
    }

    /** Whether the query has to end. Once it has, it stays so. */
    boolean isOver() {
        long now = System.nanoTime();
        if (problem == null && (now - start > nanos || Thread.currentThread().isInterrupted())) {
            problem = "took too long: more than " + TimeUnit.NANOSECONDS.toSeconds(nanos) + " seconds";
        }
        if (problem == null && now - lastLook > BETWEEN_LOOKS) {
            lastLook = now;
            if (used() - before > bytes) {
                problem =
                        "needs too much memory: more than " + (bytes >> 20) + " MB for what it sorts, groups or joins";
            }
        }
        return problem != null;
    }

    /** Why it has to; null while it may go on. */
    @Nullable
    String problem() {
        return problem;
    }

    private static long used() {
        try (Stream<String> lines = Files.lines(MEMORY, StandardCharsets.ISO_8859_1)) {
            // As in "VmData:    123456 kB": private pages that can be written.
            long data = lines.filter(line -> line.startsWith("VmData:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
            return data * 1_024 - Runtime.getRuntime().totalMemory();
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }
}
