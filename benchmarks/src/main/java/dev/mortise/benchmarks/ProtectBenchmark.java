package dev.mortise.benchmarks;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.resilience.Breaker;
import dev.mortise.mcp.resilience.Bulkhead;
import dev.mortise.mcp.resilience.Overload;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.resilience.Resilience;
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

/** What policies add to a small call. On a virtual thread, as calls are. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "-Djmh.executor=VIRTUAL")
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class ProtectBenchmark {
    private static final Breaker BREAKER = Breaker.after(5, 10);
    private static final Bulkhead BULKHEAD = Bulkhead.of(100).queue(100, Duration.ofSeconds(1));

    private final byte[] message = Workload.call(Workload.TOOL).getBytes(StandardCharsets.UTF_8);
    private final McpServer bare = Workload.builder().build();
    private final McpServer cheap =
            protectedBy(Protection.builder().breaker(BREAKER).bulkhead(BULKHEAD).build());
    private final McpServer timed = protectedBy(timed());

    /** Breaker, bulkhead and timeout. */
    static Protection timed() {
        return Protection.builder()
                .breaker(BREAKER)
                .bulkhead(BULKHEAD)
                .timeout(Duration.ofSeconds(2))
                .build();
    }

    private static McpServer protectedBy(Protection protection) {
        return Workload.builder()
                .plugin(Resilience.builder()
                        .tools("*", protection)
                        .overload(Overload.adaptive())
                        .build())
                .build();
    }

    /** Nothing. */
    @Benchmark
    public byte[] bare() {
        return handle(bare);
    }

    /** Overload limit, breaker and bulkhead, on the thread of the call. */
    @Benchmark
    public byte[] breakerAndBulkhead() {
        return handle(cheap);
    }

    /** The same with a timeout, and so with a thread for the handler. */
    @Benchmark
    public byte[] breakerBulkheadAndTimeout() {
        return handle(timed);
    }

    private byte[] handle(McpServer server) {
        MemoryExchange exchange = new MemoryExchange(message);
        server.handle(exchange);
        return exchange.written();
    }
}
