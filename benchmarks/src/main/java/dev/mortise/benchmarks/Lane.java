package dev.mortise.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One contender in the comparison: its server, the load on it, and what came of its rounds. */
final class Lane implements AutoCloseable {
    private final Contender contender;
    private final ServerProcess server;
    private final String reply;
    private final Load load;
    private final List<Double> perSecond = new ArrayList<>();
    private final Latencies latencies = new Latencies();
    private long allocatedBytes;
    private long cpuNanos;

    Lane(Contender contender, int connections, String... flags) throws IOException {
        this.contender = contender;
        server = ServerProcess.start(contender, flags);
        byte[] request = RequestBytes.call(server.port(), contender.revision(), Workload.TOOL);
        reply = Load.reply(server.port(), request);
        load = new Load(server.port(), request, reply.getBytes(StandardCharsets.UTF_8), connections);
    }

    Contender contender() {
        return contender;
    }

    /** The body that answers the call. */
    String reply() {
        return reply;
    }

    /** Calls for that long, without counting. */
    void warmUp(Duration time) throws IOException {
        load.run(time);
    }

    void measure(Duration time) throws IOException, InterruptedException {
        Gauges before = server.gauges();
        Load.Round round = load.run(time);
        Gauges after = server.gauges();
        perSecond.add(round.perSecond());
        latencies.addAll(round.latencies());
        allocatedBytes += after.allocatedBytes() - before.allocatedBytes();
        cpuNanos += after.cpuNanos() - before.cpuNanos();
    }

    /** The calls per second of each round. */
    List<Double> perSecond() {
        return List.copyOf(perSecond);
    }

    String latencies() {
        return latencies.summary();
    }

    double bytesPerCall() {
        return (double) allocatedBytes / latencies.count();
    }

    double cpuMicrosPerCall() {
        return cpuNanos / 1e3 / latencies.count();
    }

    @Override
    public void close() throws IOException {
        load.close();
        server.close();
    }
}
