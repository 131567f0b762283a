package dev.mortise.benchmarks;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.StreamableHttp;
import java.nio.charset.StandardCharsets;
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

/** One call from bytes to bytes: decode, dispatch, encode, and no network. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class CallBenchmark {
    private final byte[] text = bytes(Workload.TOOL);
    private final byte[] structured = bytes(Workload.STRUCTURED_TOOL);
    private final McpServer server = Workload.builder().build();
    private final StreamableHttp http = StreamableHttp.of(server::handle, HttpOptions.defaults());

    private static byte[] bytes(String tool) {
        return Workload.call(tool).getBytes(StandardCharsets.UTF_8);
    }

    /** A record in, text out. */
    @Benchmark
    public byte[] text() {
        return handle(text);
    }

    /** A record in, a record out, which is held to its schema and given as JSON and as text. */
    @Benchmark
    public byte[] structured() {
        return handle(structured);
    }

    /** As {@link #text}, with the rules of Streamable HTTP around it. */
    @Benchmark
    public byte[] textOverHttpBinding() {
        MemoryHttp memory = new MemoryHttp(Workload.TOOL, text);
        http.serve(memory, memory);
        return memory.written();
    }

    private byte[] handle(byte[] message) {
        MemoryExchange exchange = new MemoryExchange(message);
        server.handle(exchange);
        return exchange.written();
    }
}
