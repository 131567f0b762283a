package dev.mortise.benchmarks.billing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The processor time of this process by what its threads are for, from Linux: only the kernel knows of the virtual
 * machine's own threads.
 *
 * @param calls nanoseconds of the threads that carry virtual ones: callers, and what they wake
 * @param database of the thread that writes to SQLite
 * @param compiling of the compiler: what a server that runs for long does not have any more
 * @param others such as collecting garbage
 */
public record ThreadTimes(long calls, long database, long compiling, long others) {
    private static final Path TASKS = Path.of("/proc/self/task");

    public static ThreadTimes now() {
        long calls = 0;
        long database = 0;
        long compiling = 0;
        long others = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                String name;
                long nanos;
                try {
                    name = Files.readString(task.resolve("comm")).strip();
                    String times = Files.readString(task.resolve("schedstat"));
                    nanos = Long.parseLong(times.substring(0, times.indexOf(' ')));
                } catch (NoSuchFileException e) {
                    // It has ended meanwhile.
                    continue;
                }
                if (name.startsWith("ForkJoinPool")) {
                    calls += nanos;
                } else if (name.startsWith("sqlite-writer")) {
                    database += nanos;
                } else if (name.startsWith("C1 Comp") || name.startsWith("C2 Comp")) {
                    compiling += nanos;
                } else {
                    others += nanos;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Only Linux says what each thread takes", e);
        }
        return new ThreadTimes(calls, database, compiling, others);
    }

    public ThreadTimes since(ThreadTimes before) {
        return new ThreadTimes(
                calls - before.calls, database - before.database, compiling - before.compiling, others - before.others);
    }

    public long all() {
        return calls + database + compiling + others;
    }
}
