package dev.mortise.benchmarks;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.IdempotencyKey;
import dev.mortise.mcp.resilience.Ticker;
import dev.mortise.security.limit.Limit;
import dev.mortise.security.limit.Rate;
import dev.mortise.security.limit.RateLimits;
import dev.mortise.security.replay.IdempotentCalls;
import dev.mortise.security.replay.MemoryReplayStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What two stages of security add to a small call, each alone. On a virtual thread, as calls are. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Djmh.executor=VIRTUAL")
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class StageBenchmark {
    private static final Rate WIDE = Rate.of(1_000_000_000, Duration.ofSeconds(1));
    private static final Rate WIDER = Rate.of(1_000_000_000, Duration.ofSeconds(2));

    private final byte[] message = Workload.call(Workload.TOOL).getBytes(StandardCharsets.UTF_8);
    private final byte[] repeated = keyed("the-same-key-each-time");
    private final McpServer bare = Workload.builder().build();
    private final McpServer limited = Workload.builder()
            .plugin(RateLimits.builder()
                    .limit(Limit.perCaller("caller", WIDE, WIDER))
                    .limit(Limit.perTenant("tenant", WIDE))
                    .limit(Limit.overall("tool", WIDE).apart())
                    .build())
            .build();
    private final McpServer repeatable = Workload.builder()
            .plugin(IdempotentCalls.in(new MemoryReplayStore(100_000, 1L << 30, Ticker.system()))
                    .lease(Duration.ofMillis(50))
                    .ttl(Duration.ofMillis(50))
                    .mostOfCaller(100_000)
                    .build())
            .build();
    private long next;

    private static byte[] keyed(String key) {
        return Workload.call(Workload.TOOL)
                .replace("\"_meta\":{", "\"_meta\":{\"" + IdempotencyKey.META_KEY + "\":\"" + key + "\",")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Nothing. */
    @Benchmark
    public byte[] bare() {
        return handle(bare, message);
    }

    /** Four windows of three limits, in this process. */
    @Benchmark
    public byte[] limits() {
        return handle(limited, message);
    }

    /** A key that was never seen, remembered in this process; making the message with it counts, too. */
    @Benchmark
    public byte[] newKey() {
        return handle(repeatable, keyed("key-" + next++));
    }

    /** The same call again and again, nearly always answered from memory. */
    @Benchmark
    public byte[] repeatedKey() {
        return handle(repeatable, repeated);
    }

    private static byte[] handle(McpServer server, byte[] message) {
        MemoryExchange exchange = new MemoryExchange(message);
        server.handle(exchange);
        return exchange.written();
    }
}
