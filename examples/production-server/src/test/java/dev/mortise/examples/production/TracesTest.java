package dev.mortise.examples.production;

import static dev.mortise.examples.production.Service.call;

import com.sun.net.httpserver.HttpServer;
import dev.mortise.mcp.McpClient;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a collector of traces is sent, by OTLP: its names stand as they are in what goes over the wire. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TracesTest {
    @TempDir
    Path home;

    @Test
    void aTraceHasWhatTheCallWaitedFor() throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            byte[] spans = exchange.getRequestBody().readAllBytes();
            synchronized (sent) {
                sent.writeBytes(spans);
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort();
        try (Service service = Service.start(home, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint))) {
            try (McpClient client = service.client(service.adminKey())) {
                call(client, "search_knowledge", Map.of("query", "gate"));
                call(client, "recall", Map.of("about", "gate"));
            }
            // What has not gone yet goes when the server ends.
            service.stop();
            Service.within(
                    Duration.ofSeconds(30),
                    () -> Stream.of(
                                    "tools/call search_knowledge",
                                    "handler tools/call",
                                    "retrieval knowledge",
                                    "sqlite ",
                                    "db.system.name")
                            .allMatch(name -> text(sent).contains(name)));
        } finally {
            collector.stop(0);
        }
    }

    private static String text(ByteArrayOutputStream sent) {
        synchronized (sent) {
            return sent.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
