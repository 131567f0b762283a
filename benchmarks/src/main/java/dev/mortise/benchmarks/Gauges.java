package dev.mortise.benchmarks;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a server's JVM says of itself.
 *
 * @param allocatedBytes by all threads since it started
 * @param cpuNanos used by the process since it started
 * @param heapBytes in use; after a collection where {@link #afterCollection} was asked
 * @param platformThreads that run; 0 where nobody counted
 * @param virtualThreads that run or wait; 0 where nobody counted
 * @param streams open listen streams
 */
public record Gauges(
        long allocatedBytes, long cpuNanos, long heapBytes, int platformThreads, int virtualThreads, int streams) {
    private static final Pattern THREAD = Pattern.compile("\"tid\": ");

    public static Gauges now(int streams) {
        return new Gauges(
                ManagementFactory.getPlatformMXBean(ThreadMXBean.class).getTotalThreadAllocatedBytes(),
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                0,
                0,
                streams);
    }

    /** Takes its time: collects garbage and counts threads. */
    static Gauges afterCollection(int streams) throws IOException {
        int platform = ManagementFactory.getThreadMXBean().getThreadCount();
        int virtual = Math.max(0, dumpedThreads() - platform);
        System.gc();
        Gauges now = now(streams);
        return new Gauges(now.allocatedBytes, now.cpuNanos, now.heapBytes, platform, virtual, streams);
    }

    /** All of them, because only a dump tells of the virtual ones. */
    private static int dumpedThreads() throws IOException {
        Path folder = Files.createTempDirectory("mortise-threads");
        Path dump = folder.resolve("dump.json");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
            try (Stream<String> lines = Files.lines(dump)) {
                return (int) lines.filter(line -> THREAD.matcher(line).find()).count();
            }
        } finally {
            Files.deleteIfExists(dump);
            Files.delete(folder);
        }
    }
}
