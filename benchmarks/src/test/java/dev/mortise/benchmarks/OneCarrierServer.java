package dev.mortise.benchmarks;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.servlet.McpServlet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * A server that is meant to run with one carrier for all virtual threads, and that takes down who pins it. Beside the
 * tools it has routes, which are what a test asks it by.
 */
final class OneCarrierServer {
    static final String STREAMING_TOOL = "stream";
    static final String WAITING_TOOL = "wait";

    /** Answers with the number of tools that wait. */
    static final String HEALTH = "/health";

    /** Lets the tools that wait go on. */
    static final String RELEASE = "/release";

    /** Pins the carrier on purpose. */
    static final String PIN = "/pin";

    /** Answers with all pinning so far, an event a line. */
    static final String PINNED = "/pinned";

    private static final Duration THRESHOLD = Duration.ofMillis(20);
    private static final CountDownLatch RELEASED = new CountDownLatch(1);
    private static final AtomicInteger WAITING = new AtomicInteger();

    private OneCarrierServer() {}

    public static void main(String[] args) throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withThreshold(THRESHOLD).withStackTrace();
            recording.start();
            McpServer server = Workload.builder()
                    .tool(Tool.named(STREAMING_TOOL).input(Workload.Item.class).handle((in, call) -> stream(call)))
                    .tool(Tool.named(WAITING_TOOL).input(Workload.Item.class).handle((in, call) -> waitForRelease()))
                    .route(HttpRoute.get(
                            HEALTH, request -> HttpRoute.Response.text(200, Integer.toString(WAITING.get()))))
                    .route(HttpRoute.post(RELEASE, request -> {
                        RELEASED.countDown();
                        return HttpRoute.Response.text(200, "released");
                    }))
                    .route(HttpRoute.post(PIN, request -> HttpRoute.Response.text(200, Pinning.SLEPT)))
                    .route(HttpRoute.get(PINNED, request -> HttpRoute.Response.text(200, pinned(recording))))
                    .build();
            server.tools().add(Contender.changeTool(server));
            ServerMain.serve(context -> McpServlet.mount(context, server, Contender.PATH));
        }
    }

    private static String stream(ToolCall call) throws InterruptedException {
        for (int i = 1; i <= 10; i++) {
            call.progress(i, 10.0, "step " + i);
            // The only carrier has to be given up in between, to somebody who is waited for.
            Thread.startVirtualThread(() -> {}).join();
        }
        return "streamed";
    }

    private static String waitForRelease() throws InterruptedException {
        WAITING.incrementAndGet();
        RELEASED.await();
        return "released";
    }

    private static String pinned(Recording recording) {
        try {
            Path file = Files.createTempFile("mortise-pinned", ".jfr");
            try {
                recording.dump(file);
                return RecordingFile.readAllEvents(file).stream()
                        .map(OneCarrierServer::line)
                        .collect(Collectors.joining("\n"));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(RecordedEvent event) {
        return event.getDuration().toMillis() + " ms: "
                + event.getStackTrace().getFrames().stream()
                        .map(frame -> frame.getMethod().getType().getName() + "."
                                + frame.getMethod().getName())
                        .collect(Collectors.joining(" < "));
    }

    /** A class being initialized cannot give up its carrier, on any JDK. */
    private static final class Pinning {
        static final String SLEPT = sleep();

        private static String sleep() {
            try {
                Thread.sleep(5 * THRESHOLD.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "slept";
        }
    }
}
