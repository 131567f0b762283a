package dev.mortise.benchmarks;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.resilience.Overload;
import dev.mortise.mcp.resilience.Resilience;
import dev.mortise.mcp.server.Tool;
import dev.mortise.servlet.McpServlet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.server.HttpConfiguration;

/**
 * Three times the calls that a server can do, over HTTP, from another process. What bounds the server is its tool, which
 * has room for so many at once and takes a while for each, and not the processors: the generator needs those, too.
 */
final class OverloadHttp {
    private static final int ROOM = 8;
    private static final Duration WORK = Duration.ofMillis(10);
    private static final String TOOL = "work";
    private static final Duration WAITED_FOR = Duration.ofSeconds(1);
    private static final double CAPACITY = ROOM * 1e9 / WORK.toNanos();
    private static final int CONNECTIONS = 250;

    /** Of each connection, for the header fields that it has seen: about 96 bytes of heap for each of these. */
    private static final int HEADER_CACHE = 128;

    private static final List<String> FLAGS = List.of("-Xmx256m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");

    /** A phase, and what the server holds on to after it. */
    record Measured(OpenLoop.Phase phase, Gauges after) {
        String line(String name) {
            return ("%-16s %5.0f in time/s; %6d refused; admitted %s; generator late by %s, %d unsent; %d connections;"
                            + " server: heap %.1f MB, %d threads")
                    .formatted(
                            name,
                            phase.goodput(),
                            phase.refused().count(),
                            phase.admitted().summary(),
                            phase.lag().summary(),
                            phase.unsent(),
                            phase.connections(),
                            after.heapBytes() / 1e6,
                            after.platformThreads() + after.virtualThreads());
        }
    }

    /** What came of it. */
    record Report(Measured peak, Measured first, Measured second) {
        /** Of the most that was ever seen: a first phase that something disturbed makes overload no better. */
        double kept() {
            double one = first.phase().goodput();
            double other = second.phase().goodput();
            return Math.min(one, other) / Math.max(peak.phase().goodput(), Math.max(one, other));
        }

        List<String> lines() {
            return List.of(
                    peak.line("at capacity"),
                    first.line("3x, first half"),
                    second.line("3x, second half"),
                    "goodput kept under overload: %.0f %% of the peak".formatted(100 * kept()));
        }
    }

    private OverloadHttp() {}

    /** @param args seconds of overload; 60 if nothing is said */
    public static void main(String[] args) throws Exception {
        int seconds = args.length == 0 ? 60 : Integer.parseInt(args[0]);
        run(Duration.ofSeconds(seconds)).lines().forEach(System.out::println);
    }

    static Report run(Duration overload) throws Exception {
        try (ServerProcess server = ServerProcess.start(OverloadedServer.class, FLAGS)) {
            byte[] call = RequestBytes.call(server.port(), Contender.MORTISE.revision(), TOOL);
            try (OpenLoop load = new OpenLoop(server.port(), call, WAITED_FOR, CONNECTIONS)) {
                load.connectAll();
                // For the compilers, and for the limit to find its height.
                load.run(0.5 * CAPACITY, Duration.ofSeconds(3));
                load.run(0.95 * CAPACITY, Duration.ofSeconds(5));
                Measured peak = measured(server, load.run(0.95 * CAPACITY, overload.dividedBy(4)));
                Measured first = measured(server, load.run(3 * CAPACITY, overload.dividedBy(2)));
                Measured second = measured(server, load.run(3 * CAPACITY, overload.dividedBy(2)));
                return new Report(peak, first, second);
            }
        }
    }

    private static Measured measured(ServerProcess server, OpenLoop.Phase phase) throws Exception {
        return new Measured(phase, server.allGauges());
    }

    /** The server, in a JVM of its own. */
    static final class OverloadedServer {
        private OverloadedServer() {}

        public static void main(String[] args) throws Exception {
            HttpConfiguration http = new HttpConfiguration();
            http.setHeaderCacheSize(HEADER_CACHE);
            ServerMain.serve(http, context -> {
                McpServer server = server();
                McpServlet.mount(context, server, Contender.PATH);
                context.addServlet("gauges", new GaugesServlet(server::listenStreams))
                        .addMapping(GaugesServlet.PATH);
            });
        }

        private static McpServer server() {
            Semaphore room = new Semaphore(ROOM, true);
            return McpServer.builder("overloaded", "1.0")
                    .plugin(Resilience.builder().overload(Overload.adaptive()).build())
                    .tool(Tool.named(TOOL).input(Workload.Item.class).handle((in, call) -> {
                        room.acquire();
                        try {
                            Thread.sleep(WORK);
                            return "done";
                        } finally {
                            room.release();
                        }
                    }))
                    .build();
        }
    }
}
