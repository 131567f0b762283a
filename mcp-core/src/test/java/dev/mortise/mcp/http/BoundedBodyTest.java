package dev.mortise.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedBodyTest {
    private final CountDownLatch hungUp = new CountDownLatch(1);
    private HttpServer server;

    /** Answers with as many bytes as the path says, or for ever. */
    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String wanted = exchange.getRequestURI().getPath().substring(1);
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (long left = wanted.equals("endless") ? Long.MAX_VALUE : Long.parseLong(wanted); left > 0; left--) {
                    out.write('x');
                }
            } catch (IOException e) {
                hungUp.countDown();
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private byte[] fetch(String path, int limit) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + path);
            return client.send(HttpRequest.newBuilder(uri).build(), BoundedBody.upTo(limit))
                    .body();
        }
    }

    @Test
    void aBodyThatFitsIsWhole() throws Exception {
        assertThat(fetch("100000", 100_000)).hasSize(100_000);
        assertThat(fetch("0", 0)).isEmpty();
    }

    @Test
    void whatIsLargerIsGivenUp() throws Exception {
        assertThatThrownBy(() -> fetch("100001", 100_000))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 100000 bytes");
        assertThatThrownBy(() -> fetch("endless", 0)).isInstanceOf(IOException.class);
        // Not read to its end, which never comes.
        hungUp.await();
    }

    @Test
    void aLimitIsNotNegative() {
        assertThatThrownBy(() -> BoundedBody.upTo(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
