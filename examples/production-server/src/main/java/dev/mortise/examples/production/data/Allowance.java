package dev.mortise.examples.production.data;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolText;
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

    static final Watcher UNWATCHED = (nanos, of) -> {};

    private final long start = System.nanoTime();
    private final long nanos;
    private final long bytes;
    private final Watcher watcher;
    private final long before = used();
    private long lastLook = start;
    private @Nullable CannotAnswer refusal;

    /** Is told every few milliseconds how long the query has taken, of the time that it may. */
    @FunctionalInterface
    interface Watcher {
        void runs(long nanos, long of);
    }

    Allowance(long nanos, long bytes, Watcher watcher) {
        this.nanos = nanos;
        this.bytes = bytes;
        this.watcher = watcher;
    }

    /** Whether the query has to end. Once it has, it stays so. */
    boolean isOver() {
        long now = System.nanoTime();
        if (refusal == null && (now - start > nanos || Thread.currentThread().isInterrupted())) {
            refusal = new CannotAnswer(ToolText.QUERY_TOOK_TOO_LONG, TimeUnit.NANOSECONDS.toSeconds(nanos));
        }
        if (refusal == null && now - lastLook > BETWEEN_LOOKS) {
            lastLook = now;
            watcher.runs(now - start, nanos);
            if (used() - before > bytes) {
                refusal = new CannotAnswer(ToolText.QUERY_TOO_LARGE, bytes >> 20);
            }
        }
        return refusal != null;
    }

    /** Why it has to; null while it may go on. */
    @Nullable
    CannotAnswer refusal() {
        return refusal;
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
