package dev.mortise.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What all of security adds to a small call through the HTTP binding, on a virtual thread, one part after the other. The
 * bytes are those of all threads, also of the one that writes the audit log; the time is that of the call, which with
 * the audit log is how fast one file is written: see {@link ChainRun} for the processor time of all.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Djmh.executor=VIRTUAL")
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class SecurityChainBenchmark {
    @Param({"NONE", "TOKEN", "POLICY", "LIMITS", "REPLAY", "BUFFERED_AUDIT"})
    public Guards with = Guards.NONE;

    private GuardedServer server = new GuardedServer(Guards.NONE);

    @Setup
    public void compose() {
        server.close();
        server = new GuardedServer(with);
    }

    @Benchmark
    public byte[] call() {
        return server.call();
    }

    @TearDown
    public void close() {
        server.close();
    }
}
