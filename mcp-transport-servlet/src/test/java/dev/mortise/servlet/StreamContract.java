package dev.mortise.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.transport.Exchange;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How replies become streams, and what happens when nobody reads them. */
abstract class StreamContract extends ContainerContract {
    StreamContract(Container.Kind kind) {
        super(kind);
    }

    @Test
    void sendsEachEventAtOnceAndTheReplyLast() throws Exception {
        CountDownLatch firstSeen = new CountDownLatch(1);
        CountDownLatch secondSeen = new CountDownLatch(1);
        endpoint.does(exchange -> {
            Endpoint.receive(exchange);
            exchange.offer(Endpoint.note("first"));
            await(firstSeen);
            deliver(exchange, "second");
            await(secondSeen);
            exchange.reply(Endpoint.result("done"));
        });
        try (Wire wire = connect()) {
            wire.send(Wire.post("/mcp", "x"));
            assertThat(wire.receiveStatus()).isEqualTo(200);
            assertThat(wire.receiveHeaders())
                    .containsEntry("Content-Type", "text/event-stream")
                    .containsEntry("X-Accel-Buffering", "no")
                    .containsEntry("Cache-Control", "no-store")
                    .containsEntry("Transfer-Encoding", "chunked");
            assertThat(wire.receiveChunk()).isEqualTo(Endpoint.event("first"));
            firstSeen.countDown();
            assertThat(wire.receiveChunk()).isEqualTo(Endpoint.event("second"));
            secondSeen.countDown();
            assertThat(wire.receiveChunk()).isEqualTo("data: " + Endpoint.json("done") + "\n\n");
            assertThat(wire.receiveChunk()).isEmpty();

            endpoint.echoes();
            assertThat(wire.send(Wire.post("/mcp", "next")).receive().body()).isEqualTo(Endpoint.json("next"));
        }
    }

    @Test
    void breaksASilenceAndShowsThatItIsAlive() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        endpoint.does(exchange -> {
            Endpoint.receive(exchange);
            exchange.onGone(() -> {});
            await(seen);
            exchange.reply(Endpoint.result("done"));
        });
        try (Wire wire = connect()) {
            wire.send(Wire.post("/lively", "x"));
            assertThat(wire.receiveStatus()).isEqualTo(200);
            assertThat(wire.receiveHeaders()).containsEntry("Content-Type", "text/event-stream");
            for (int i = 0; i < 3; i++) {
                assertThat(wire.receiveChunk()).isEqualTo(":\n\n");
            }
            seen.countDown();
            String rest = "";
            for (String chunk = wire.receiveChunk(); !chunk.isEmpty(); chunk = wire.receiveChunk()) {
                rest += chunk;
            }
            assertThat(rest).endsWith("data: " + Endpoint.json("done") + "\n\n");
        }
    }

    @Test
    void keepsAStreamOpenWhoseEndpointReturned() throws Exception {
        BlockingQueue<Exchange> exchanges = new ArrayBlockingQueue<>(1);
        endpoint.does(exchange -> {
            Endpoint.receive(exchange);
            exchanges.add(exchange);
        });
        try (Wire wire = connect()) {
            wire.send(Wire.post("/mcp", "x"));
            Exchange exchange = exchanges.take();
            exchange.offer(Endpoint.note("later"));
            assertThat(wire.receiveStatus()).isEqualTo(200);
            wire.receiveHeaders();
            assertThat(wire.receiveChunk()).isEqualTo(Endpoint.event("later"));
            exchange.reply(Endpoint.result("done"));
            assertThat(wire.receiveChunk()).contains("done");
            assertThat(wire.receiveChunk()).isEmpty();
        }
    }

    @Test
    void noticesAClientThatVanishesInSilence() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        endpoint.does(exchange -> {
            Endpoint.receive(exchange);
            exchange.onGone(gone::countDown);
            started.countDown();
            await(gone);
            exchange.reply(Endpoint.result("nobody reads this"));
        });
        Wire wire = connect();
        wire.send(Wire.post("/lively", "x"));
        started.await();
        wire.close();

        assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
        assertAnswers();
    }

    @Test
    void noticesAClientThatVanishesFromAStream() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        endpoint.does(exchange -> {
            Endpoint.receive(exchange);
            exchange.onGone(gone::countDown);
            exchange.offer(Endpoint.note("first"));
            await(gone);
            exchange.offer(Endpoint.note("into the void"));
            exchange.reply(Endpoint.result("nobody reads this"));
            ended.countDown();
        });
        Wire wire = connect();
        wire.send(Wire.post("/lively", "x"));
        wire.receiveStatus();
        wire.vanish();

        assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        assertAnswers();
    }

    @Test
    void neverBlocksAHandlerOnASlowReader() throws Exception {
        CountDownLatch offered = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        String large = "x".repeat(10_000);
        endpoint.does(exchange -> {
            Endpoint.receive(exchange);
            exchange.onGone(gone::countDown);
            for (int i = 0; i < 10_000; i++) {
                exchange.offer(Endpoint.note(i + large));
            }
            offered.countDown();
            await(gone);
        });
        Wire wire = connect();
        wire.send(Wire.post("/lively", "x"));

        assertThat(offered.await(10, TimeUnit.SECONDS)).isTrue();
        assertAnswers();
        wire.vanish();
        assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
        assertAnswers();
    }

    @Test
    void keepsTheAnswersOfOthersApartFromThoseOfClientsThatVanish() throws Exception {
        int clients = 60;
        CountDownLatch gone = new CountDownLatch(clients);
        endpoint.does(exchange -> {
            String text = Endpoint.receive(exchange).orElse("");
            if (!text.equals("vanishing")) {
                exchange.reply(Endpoint.result(text));
                return;
            }
            CountDownLatch mine = new CountDownLatch(1);
            exchange.onGone(() -> {
                mine.countDown();
                gone.countDown();
            });
            for (int i = 0; mine.getCount() > 0 && i < 1000; i++) {
                exchange.offer(Endpoint.note("n" + i));
            }
            await(mine);
            exchange.reply(Endpoint.result("nobody reads this"));
        });
        try (Bystanders others = new Bystanders(port(), 4)) {
            for (int i = 0; i < clients; i++) {
                Wire wire = connect();
                wire.send(Wire.post("/lively", "vanishing"));
                if (i % 2 == 0) {
                    wire.receiveStatus();
                }
                wire.vanish();
            }
            assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(others.served()).isPositive();
            assertThat(others.wrongAnswers()).isEmpty();
        }
    }

    /** The server takes the next request at once, on a connection of its own. */
    private void assertAnswers() throws IOException {
        endpoint.echoes();
        try (Wire wire = connect()) {
            for (String text : List.of("one", "two")) {
                assertThat(wire.send(Wire.post("/mcp", text)).receive().body()).isEqualTo(Endpoint.json(text));
            }
        }
    }

    private static void deliver(Exchange exchange, String text) {
        try {
            exchange.deliver(Endpoint.note(text));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
