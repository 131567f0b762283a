package dev.mortise.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How bodies are read that are large, slow, broken or without end. */
abstract class BodyContract extends ContainerContract {
    private static final int HUGE = 64 * 1024 * 1024;

    BodyContract(Container.Kind kind) {
        super(kind);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4095, 4096, 4097, MAX_BODY})
    void readsBodiesUpToTheBound(int size) throws Exception {
        endpoint.does(exchange -> Endpoint.receive(exchange)
                .ifPresent(body -> exchange.reply(Endpoint.result(Integer.toString(body.length())))));
        String body = "x".repeat(size);
        try (Wire wire = connect()) {
            assertThat(wire.send(Wire.post("/mcp", body)).receive().body())
                    .isEqualTo(Endpoint.json(Integer.toString(size)));
            wire.send(chunkedHead())
                    .send(Integer.toHexString(size) + "\r\n" + body + "\r\n")
                    .send("0\r\n\r\n");
            assertThat(wire.receive().body()).isEqualTo(Endpoint.json(Integer.toString(size)));
        }
    }

    @Test
    void readsABodyThatArrivesInPieces() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        endpoint.does(exchange -> {
            started.countDown();
            Endpoint.echo(exchange);
        });
        try (Wire wire = connect()) {
            wire.send(Wire.post("/mcp", "hel", "Content-Length: 5"));
            started.await();
            assertThat(wire.send("lo").receive().body()).isEqualTo(Endpoint.json("hello"));
        }
    }

    @Test
    void invitesAClientThatWaitsForIt() throws Exception {
        try (Wire wire = connect()) {
            wire.send(Wire.post("/mcp", "", "Content-Length: 5", "Expect: 100-continue"));
            assertThat(wire.receiveStatus()).isEqualTo(100);
            wire.receiveHeaders();
            assertThat(wire.send("hello").receive().body()).isEqualTo(Endpoint.json("hello"));
        }
    }

    @Test
    void refusesTheBodyOfAClientThatWaitsForIt() throws Exception {
        try (Wire wire = connect()) {
            wire.send(Wire.post("/mcp", "", "Content-Length: " + HUGE, "Expect: 100-continue"));
            assertThat(wire.receive().status()).isEqualTo(413);
        }
    }

    @Test
    void refusesAnEmptyBodyAndGoesOn() throws Exception {
        try (Wire wire = connect()) {
            Wire.Response refusal = wire.send(Wire.post("/mcp", "")).receive();

            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.body()).contains("-32700");
            // Tomcat ends a connection with certain statuses, among them this one, and says so.
            if (refusal.headers().containsKey("Connection")) {
                assertThat(wire.isClosedByServer()).isTrue();
            } else {
                assertThat(wire.send(Wire.post("/mcp", "next")).receive().status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void refusesAHugeBodyBeforeItArrives() throws Exception {
        try (Wire wire = connect()) {
            Wire.Response refusal =
                    wire.send(Wire.post("/mcp", "x", "Content-Length: " + HUGE)).receive();

            assertThat(refusal.status()).isEqualTo(413);
            assertThat(refusal.body()).contains(Integer.toString(MAX_BODY));
            assertThat(refusal.headers()).containsEntry("Connection", "close");
        }
    }

    @Test
    void letsAClientThatSendsAHugeBodySeeTheRefusal() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port() + "/mcp"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[HUGE]))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(413);
        }
    }

    @Test
    void stopsReadingABodyWithoutEnd() throws Exception {
        try (Wire wire = connect()) {
            wire.send(chunkedHead());
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> sendWithoutEnd(wire));

            Wire.Response refusal = wire.receive();

            assertThat(refusal.status()).isEqualTo(413);
            assertThat(refusal.headers()).containsEntry("Connection", "close");
            // The server ends the connection, which ends the sender.
            assertThat(sender).succeedsWithin(Duration.ofSeconds(15));
        }
    }

    @Test
    void refusesABodyThatBreaksOff() throws Exception {
        try (Wire wire = connect()) {
            wire.send(Wire.post("/mcp", "hel", "Content-Length: 5")).finishSending();

            Wire.Response refusal = wire.receive();

            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.body()).doesNotContain("Exception", "\tat ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\nhello\r\n", "5\r\nhelloXX", "-1\r\n"})
    void refusesWrongChunks(String chunks) throws Exception {
        try (Wire wire = connect()) {
            Wire.Response refusal = wire.send(chunkedHead()).send(chunks).receive();

            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.body()).doesNotContain("Exception", "\tat ");
            assertThat(wire.isClosedByServer()).isTrue();
        }
    }

    @Test
    void cutsABodyThatDrips() throws Exception {
        try (Wire wire = connect()) {
            wire.send(Wire.post("/mcp", "", "Content-Length: 50000"));
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> drip(wire));

            Wire.Response refusal = wire.receive();

            assertThat(refusal.status()).isEqualTo(408);
            assertThat(refusal.headers()).containsEntry("Connection", "close");
            wire.close();
            assertThat(sender).succeedsWithin(Duration.ofSeconds(15));
        }
    }

    @Test
    void cutsABodyThatStops() throws Exception {
        try (Wire wire = connect()) {
            wire.send(Wire.post("/mcp", "x", "Content-Length: 5"));
            if (kind != Container.Kind.TOMCAT) {
                assertThat(wire.receive().status()).isEqualTo(408);
            }
            // Tomcat ends an asynchronous read that times out with its connection, and may not even answer.
            assertThat(wire.isClosedByServer()).isTrue();
        }
        try (Wire wire = connect()) {
            assertThat(wire.send(Wire.post("/mcp", "next")).receive().status()).isEqualTo(200);
        }
    }

    @Test
    void keepsTheAnswersOfOthersApartFromThoseOfStalledBodies() throws Exception {
        List<Wire> stalled = new ArrayList<>();
        try (Bystanders others = new Bystanders(port(), 4)) {
            for (int i = 0; i < 40; i++) {
                Wire wire = connect();
                wire.send(Wire.post("/mcp", "x", "Content-Length: 5"));
                stalled.add(wire);
            }
            for (Wire wire : stalled) {
                assertThat(wire.isClosedByServer()).isTrue();
                wire.close();
            }
            assertThat(others.served()).isPositive();
            assertThat(others.wrongAnswers()).isEmpty();
        }
    }

    private static String chunkedHead() {
        return """
               POST /mcp HTTP/1.1
               Host: localhost
               Content-Type: application/json
               Transfer-Encoding: chunked

               """.replace("\n", "\r\n");
    }

    private static void sendWithoutEnd(Wire wire) {
        byte[] chunk = ("1000\r\n" + "x".repeat(0x1000) + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        try {
            while (true) {
                wire.send(chunk);
            }
        } catch (IOException e) {
            // The server has had enough.
        }
    }

    private static void drip(Wire wire) {
        try {
            while (true) {
                wire.send("x");
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        } catch (IOException e) {
            // The server has had enough.
        }
    }
}
