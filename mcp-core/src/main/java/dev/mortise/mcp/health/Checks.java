package dev.mortise.mcp.health;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.redis.Redis;
import dev.mortise.mcp.store.redis.Script;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Checks for what most services have. For anything else there is {@link HealthCheck#ping}. What needs a network shows
 * within four seconds that it has stopped, and clears by itself with the first look that succeeds.
 */
public final class Checks {
    private static final Script TIME = Script.of("return {redis.call('TIME')[1]}");

    private Checks() {}

    /** A connection can be had, and its database answers. */
    public static HealthCheck dataSource(String name, DataSource source) {
        return HealthCheck.of(name, () -> {
            try (Connection connection = source.getConnection()) {
                return connection.isValid(seconds()) ? Verdict.up() : Verdict.down("the connection is not valid");
            } catch (SQLException e) {
                // The message of a driver may name hosts and users.
                return Verdict.down("no connection, SQL state " + e.getSQLState());
            }
        });
    }

    private static int seconds() {
        return 2;
    }

    /** Redis runs a script. */
    public static HealthCheck redis(String name, Redis redis) {
        return HealthCheck.of(name, () -> {
            try {
                redis.eval(TIME, List.of(), List.of());
                return Verdict.up();
            } catch (StoreUnavailable e) {
                // The message of a client may name hosts and users.
                return Verdict.down("no answer");
            }
        });
    }

    /** Another MCP server answers. Optional by nature: what does not need it can still be served. */
    public static HealthCheck upstream(String name, McpClient client) {
        return HealthCheck.of(name, () -> {
                    try {
                        client.ping();
                        return Verdict.up();
                    } catch (McpException e) {
                        // What it says may come from the other server.
                        return Verdict.down(e.getClass().getSimpleName());
                    }
                })
                .optional();
    }

    /** There is room on the disk of a path. */
    public static HealthCheck diskSpace(String name, Path path, long leastBytes) {
        return HealthCheck.of(name, () -> {
            long free = Files.getFileStore(path).getUsableSpace();
            Verdict verdict = free >= leastBytes ? Verdict.up() : Verdict.down("less than " + leastBytes + " bytes");
            return verdict.with("freeBytes", free);
        });
    }

    /** A file can be written, and read again, in a folder: that of an index, for example. */
    public static HealthCheck writable(String name, Path folder) {
        return HealthCheck.of(name, () -> {
            Path file = Files.createTempFile(folder, ".mortise-health", null);
            try {
                byte[] content = {42};
                Files.write(file, content);
                return Files.size(file) == 1 ? Verdict.up() : Verdict.down("what was written is not there");
            } catch (IOException e) {
                return Verdict.down("cannot write: " + e.getClass().getSimpleName());
            } finally {
                Files.deleteIfExists(file);
            }
        });
    }

    /**
     * The heap is not nearly full after a garbage collection; what lies there in between means nothing. Where the
     * collector does not tell, it is always up.
     *
     * @param most part of the heap that may be in use, up to 1
     */
    public static HealthCheck memory(String name, double most) {
        if (!(most > 0 && most <= 1)) {
            throw new IllegalArgumentException("most lies between 0 and 1, but is " + most);
        }
        return HealthCheck.of(name, () -> {
            long used = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .map(MemoryPoolMXBean::getCollectionUsage)
                    .filter(usage -> usage != null)
                    .mapToLong(MemoryUsage::getUsed)
                    .sum();
            double part = (double) used / Runtime.getRuntime().maxMemory();
            Verdict verdict = part <= most ? Verdict.up() : Verdict.down("the heap is nearly full");
            return verdict.with("usedPart", Math.round(part * 1000) / 1000.0);
        });
    }

    /**
     * A virtual thread that is started also runs soon: something that pins or hogs the carriers would keep it waiting,
     * and every call with it. It is looked at from a thread that is not virtual.
     */
    public static HealthCheck threadStarvation(String name, Duration longest) {
        return HealthCheck.of(name, () -> {
            long began = System.nanoTime();
            CountDownLatch ran = new CountDownLatch(1);
            Thread.ofVirtual().name("mortise-health-starvation").start(ran::countDown);
            boolean soon = ran.await(longest.toNanos(), TimeUnit.NANOSECONDS);
            long micros = (System.nanoTime() - began) / 1000;
            Verdict verdict = soon ? Verdict.up() : Verdict.down("virtual threads wait longer than " + longest);
            return verdict.with("waitedMicros", micros);
        });
    }
}
