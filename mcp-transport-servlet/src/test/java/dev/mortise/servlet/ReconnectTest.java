package dev.mortise.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that listen, vanish, and come back. How many: {@code -Dmortise.reconnects=10000}; 1000 unless set, and each
 * comes twice.
 */
@Timeout(120)
class ReconnectTest {
    private static final int CLIENTS = Integer.getInteger("mortise.reconnects", 1000);

    @Test
    void nothingIsLeftOfThoseWhoVanished() throws Exception {
        try (LegacyServer server = new LegacyServer(Container.Kind.JETTY, Duration.ofMillis(100))) {
            int threads = Thread.activeCount();
            for (int i = 0; i < CLIENTS; i++) {
                String session = session(server.port());
                for (int round = 0; round < 2; round++) {
                    try (Wire wire = new Wire(server.port())) {
                        wire.send("GET /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
                                + "Mcp-Session-Id: " + session + "\r\n\r\n");
                        assertThat(wire.receiveStatus()).isEqualTo(200);
                        wire.receiveHeaders();
                        assertThat(wire.receiveChunk()).startsWith("id: live.");
                    }
                }
            }
            await(() -> server.mcp.listenStreams() == 0);
            await(() -> closeWait(server.port()) == 0);
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 20);
        }
    }

    private static String session(int port) throws Exception {
        try (Wire wire = new Wire(port)) {
            String hello = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
                    + "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";
            return wire.send(Wire.post("/mcp", hello)).receive().headers().get("Mcp-Session-Id");
        }
    }

    /** How many sockets of a port wait for this process to close them; as far as the system tells. */
    private static long closeWait(int port) {
        String local = String.format(":%04X ", port);
        try {
            long count = 0;
            for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
                if (Files.exists(Path.of(table))) {
                    count += Files.readAllLines(Path.of(table)).stream()
                            .filter(line ->
                                    line.trim().split("\\s+")[1].concat(" ").endsWith(local)
                                            && line.trim().split("\\s+")[3].equals("08"))
                            .count();
                }
            }
            return count;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
