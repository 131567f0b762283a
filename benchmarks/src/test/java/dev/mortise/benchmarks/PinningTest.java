package dev.mortise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * All virtual threads of the server share one carrier here, so that whoever holds on to it holds up everybody. What
 * pins differs between JDKs (21 pins in {@code synchronized}, 24 does not): this says something of the JDK it runs on.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PinningTest {
    private static final String REVISION = Contender.MORTISE.revision();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BUSY = 64;

    private final HttpClient client = HttpClient.newHttpClient();
    private ServerProcess server;

    @BeforeEach
    void start() throws Exception {
        server = ServerProcess.start(
                OneCarrierServer.class,
                List.of(
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    @Test
    void nothingOnTheWayOfARequestPinsItsCarrier() throws Exception {
        callTools();
        streamReplies();
        listen();
        assertThat(get(OneCarrierServer.PINNED)).isEmpty();

        post(OneCarrierServer.PIN);
        assertThat(get(OneCarrierServer.PINNED)).contains("OneCarrierServer$Pinning");
    }

    private void callTools() throws Exception {
        byte[] call = RequestBytes.call(server.port(), REVISION, Workload.TOOL);
        byte[] reply = Load.reply(server.port(), call).getBytes(StandardCharsets.UTF_8);
        try (Load load = new Load(server.port(), call, reply, 16)) {
            assertThat(load.run(Duration.ofSeconds(2)).requests()).isPositive();
        }
    }

    private void streamReplies() throws Exception {
        String withToken = Workload.call(OneCarrierServer.STREAMING_TOOL)
                .replace("\"_meta\":{", "\"_meta\":{\"progressToken\":1,");
        byte[] call = RequestBytes.call(server.port(), REVISION, OneCarrierServer.STREAMING_TOOL, withToken);
        for (int i = 0; i < 10; i++) {
            assertThat(Load.reply(server.port(), call)).contains("notifications/progress", "\"text\":\"streamed\"");
        }
    }

    private void listen() throws Exception {
        try (ListenSockets sockets = new ListenSockets(server.port())) {
            sockets.open(100, PATIENCE);
            Load.reply(server.port(), RequestBytes.call(server.port(), REVISION, Workload.CHANGE_TOOL));
            assertThat(sockets.awaitChange(PATIENCE)).isEqualTo(100);
        }
    }

    /** The tools go on only after the route has answered, so one that held the carrier would be found, however slow. */
    @Test
    void aRouteIsAnsweredWhileEveryToolWaits() throws Exception {
        byte[] call = RequestBytes.call(server.port(), REVISION, OneCarrierServer.WAITING_TOOL);
        List<SocketChannel> callers = new ArrayList<>();
        try {
            for (int i = 0; i < BUSY; i++) {
                SocketChannel caller =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
                callers.add(caller);
                caller.write(ByteBuffer.wrap(call));
            }
            long end = System.nanoTime() + PATIENCE.toNanos();
            String waiting = get(OneCarrierServer.HEALTH);
            while (!waiting.equals(Integer.toString(BUSY)) && System.nanoTime() < end) {
                waiting = get(OneCarrierServer.HEALTH);
            }
            assertThat(waiting).isEqualTo(Integer.toString(BUSY));

            post(OneCarrierServer.RELEASE);
            for (SocketChannel caller : callers) {
                assertThat(Load.read(caller)).contains("\"text\":\"released\"");
            }
        } finally {
            for (SocketChannel caller : callers) {
                caller.close();
            }
        }
    }

    private String get(String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    private void post(String path) throws Exception {
        send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private String send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response =
                client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
