package dev.mortise.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Many open listen streams on a server with a small heap, and calls that go on beside them. */
final class Listeners {
    private static final String[] FLAGS = {
        "-Xmx512m", "-Djdk.trackAllThreads=true", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
    };
    private static final String REVISION = Contender.MORTISE.revision();
    private static final int CALLERS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * While the listeners were there.
     *
     * @param told how many heard of the change
     * @param opening from the first connection to the last acknowledgement
     * @param telling from the request for the change until the last listener had heard of it
     * @param calls that were made beside them; all succeeded
     * @param gauges of the server, after all were told
     */
    record Presence(int told, Duration opening, Duration telling, Load.Round calls, Gauges gauges) {}

    /**
     * What came of it.
     *
     * @param before the server with no listener and some calls behind it
     * @param after when the listeners have gone
     */
    record Report(int listeners, Presence presence, Gauges before, Gauges after) {
        List<String> lines() {
            Load.Round calls = presence.calls();
            Gauges during = presence.gauges();
            return List.of(
                    "%d listeners acknowledged within %d ms"
                            .formatted(during.streams(), presence.opening().toMillis()),
                    "%d of %d told of a change within %d ms"
                            .formatted(
                                    presence.told(),
                                    listeners,
                                    presence.telling().toMillis()),
                    "%d calls beside them on %d connections, none failed: %s"
                            .formatted(
                                    calls.requests(), CALLERS, calls.latencies().summary()),
                    "heap after a collection: %s before, %s with the listeners, %s after they left"
                            .formatted(megabytes(before), megabytes(during), megabytes(after)),
                    "virtual threads: %d before, %d with the listeners, %d after they left"
                            .formatted(before.virtualThreads(), during.virtualThreads(), after.virtualThreads()),
                    "platform threads, most of them the container's own pool: %d before, %d with, %d after"
                            .formatted(before.platformThreads(), during.platformThreads(), after.platformThreads()),
                    "streams that the server still knows: " + after.streams());
        }

        private static String megabytes(Gauges gauges) {
            return "%.1f MB".formatted(gauges.heapBytes() / 1e6);
        }
    }

    private Listeners() {}

    /** @param args how many; 5000 if nothing is said */
    public static void main(String[] args) throws Exception {
        run(args.length == 0 ? 5_000 : Integer.parseInt(args[0]), Duration.ofSeconds(5))
                .lines()
                .forEach(System.out::println);
    }

    /** @param quiet how long nothing is said to the listeners, while calls go on */
    @SuppressWarnings("try") // the sockets are closed early, to see the server forget them
    static Report run(int count, Duration quiet) throws Exception {
        try (ServerProcess server = ServerProcess.start(Contender.MORTISE, FLAGS)) {
            byte[] call = RequestBytes.call(server.port(), REVISION, Workload.TOOL);
            byte[] reply = Load.reply(server.port(), call).getBytes(StandardCharsets.UTF_8);
            try (Load load = new Load(server.port(), call, reply, CALLERS)) {
                load.run(quiet);
                Gauges before = server.allGauges();
                Presence presence = listen(server, load, count, quiet);
                return new Report(count, presence, before, afterwards(server, before));
            }
        }
    }

    private static Presence listen(ServerProcess server, Load load, int count, Duration quiet) throws Exception {
        AtomicBoolean calling = new AtomicBoolean(true);
        CompletableFuture<Load.Round> calls = inBackground(() -> load.runWhile(calling::get));
        try (ListenSockets sockets = new ListenSockets(server.port())) {
            Duration opening = sockets.open(count, PATIENCE);
            if (sockets.awaitChange(quiet) > 0) {
                throw new IllegalStateException("Listeners were told of a change before there was one");
            }
            long asked = System.nanoTime();
            change(server);
            int told = sockets.awaitChange(PATIENCE);
            Duration telling = Duration.ofNanos(System.nanoTime() - asked);
            calling.set(false);
            return new Presence(told, opening, telling, calls.join(), server.allGauges());
        } finally {
            calling.set(false);
        }
    }

    private static void change(ServerProcess server) throws IOException {
        String reply = Load.reply(server.port(), RequestBytes.call(server.port(), REVISION, Workload.CHANGE_TOOL));
        if (!reply.contains(Workload.CHANGED)) {
            throw new IOException("The list was not changed: " + reply);
        }
    }

    private interface Work {
        Load.Round run() throws IOException;
    }

    private static CompletableFuture<Load.Round> inBackground(Work work) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return work.run();
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
    }

    /** The server learns of a closed connection when it next reads or writes there; until the next heartbeat at most. */
    private static Gauges afterwards(ServerProcess server, Gauges before) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Gauges gauges = server.allGauges();
        while ((gauges.streams() > 0 || gauges.virtualThreads() > before.virtualThreads()) && System.nanoTime() < end) {
            Thread.sleep(500);
            gauges = server.allGauges();
        }
        return gauges;
    }
}
