package dev.mortise.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a reply becomes a stream, stays alive, and notices that its client is gone. */
@Timeout(20)
class HttpExchangeTest {
    private static final String RESULT = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";
    private static final Reply DONE = Reply.of(Message.Result.of(RequestId.of(1), Json.object()));

    @Test
    void turnsTheReplyIntoAStreamAtTheFirstNotification() throws Exception {
        TestConnection connection = connection();
        serve(connection, exchange -> {
            receive(exchange);
            exchange.offer(note("a"));
            exchange.offer(note("b"));
            exchange.reply(Reply.of(DONE.message(), 400));
        });

        assertThat(connection.status).isEqualTo(200);
        assertThat(connection.headers)
                .containsEntry("Content-Type", "text/event-stream")
                .containsEntry("X-Accel-Buffering", "no")
                .containsEntry("Cache-Control", "no-store")
                .doesNotContainKey("Content-Length");
        assertThat(connection.nextFlush())
                .isEqualTo("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":\"a\"}\n\n");
        assertThat(connection.nextFlush()).contains("\"b\"");
        assertThat(connection.nextFlush()).isEqualTo("data: " + RESULT + "\n\n");
    }

    @Test
    void neverStreamsToAClientThatDoesNotTakeEvents() {
        TestConnection connection = new TestConnection(TestHead.post().replacing("Accept", "application/json"), "{}");

        serve(connection, exchange -> {
            receive(exchange);
            exchange.offer(note("a"));
            exchange.reply(DONE);
        });

        assertThat(connection.sent()).isEqualTo(RESULT);
    }

    @Test
    void refusesToDeliverToAClientThatDoesNotTakeEvents() {
        TestConnection connection = new TestConnection(TestHead.post().replacing("Accept", "application/json"), "{}");

        serve(connection, exchange -> {
            receive(exchange);
            assertThatIOException().isThrownBy(() -> exchange.deliver(note("a")));
        });

        assertThat(connection.status).isEqualTo(406);
    }

    @Test
    void streamsOneEventToAClientThatTakesNothingElse() throws Exception {
        TestConnection connection = new TestConnection(TestHead.post().replacing("Accept", "text/event-stream"), "{}");

        serve(connection, exchange -> {
            receive(exchange);
            exchange.reply(DONE);
        });

        assertThat(connection.nextFlush()).isEqualTo("data: " + RESULT + "\n\n");
    }

    @Test
    void breaksASilenceAndThenShowsThatItIsAlive() throws Exception {
        ManualTime time = new ManualTime();
        try (Call call = new Call(time)) {
            call.exchange().onGone(() -> {});
            time.pass(0.9);
            assertThat(call.connection.nothingFlushed()).isTrue();
            time.pass(0.2);
            assertThat(call.connection.nextFlush()).isEqualTo(":\n\n");
            assertThat(call.connection.headers).containsEntry("Content-Type", "text/event-stream");
            time.pass(14.9);
            assertThat(call.connection.nothingFlushed()).isTrue();
            time.pass(0.2);
            assertThat(call.connection.nextFlush()).isEqualTo(":\n\n");

            call.exchange().reply(DONE);
            assertThat(call.connection.nextFlush()).isEqualTo("data: " + RESULT + "\n\n");
        }
    }

    @Test
    void aRefusalKeepsItsStatusHoweverLongItTakesToFind() throws Exception {
        ManualTime time = new ManualTime();
        try (Call call = new Call(time)) {
            time.pass(20);
            call.exchange().reply(Reply.of(DONE.message(), 400));
            call.awaitServed();
            assertThat(call.connection.status).isEqualTo(400);
            assertThat(call.connection.sent()).isEqualTo(RESULT);
        }
    }

    @Test
    void findsOutByAHeartbeatThatTheClientIsGone() throws Exception {
        ManualTime time = new ManualTime();
        try (Call call = new Call(time)) {
            CountDownLatch gone = new CountDownLatch(1);
            call.exchange().onGone(gone::countDown);
            time.pass(1.1);
            call.connection.nextFlush();

            call.connection.reset = true;
            // A beat is left out while another write is under way, and the last one may not be over yet.
            while (gone.getCount() > 0) {
                time.pass(15.1);
                Thread.yield();
            }

            call.awaitServed();
        }
    }

    @Test
    void believesTheContainerThatTheClientIsGone() throws Exception {
        try (Call call = new Call(new ManualTime())) {
            CountDownLatch gone = new CountDownLatch(1);
            call.exchange().onGone(gone::countDown);

            call.connection.disconnect();

            gone.await();
            call.awaitServed();
            assertThat(call.connection.sent()).isEmpty();
        }
    }

    @Test
    void shutsDownAfterAGrace() throws Exception {
        try (Call call = new Call(new ManualTime())) {
            CountDownLatch gone = new CountDownLatch(1);
            call.exchange().onGone(gone::countDown);

            call.http.close();

            gone.await();
            call.awaitServed();
            TestConnection late = connection();
            call.http.serve(late, late);
            assertThat(late.status).isEqualTo(503);
        }
    }

    private static void serve(TestConnection connection, Consumer<Exchange> endpoint) {
        new StreamableHttp(endpoint, HttpOptions.defaults(), List.of(), System::nanoTime).serve(connection, connection);
    }

    private static TestConnection connection() {
        return new TestConnection(TestHead.post(), "{}");
    }

    private static void receive(Exchange exchange) {
        try {
            assertThat(exchange.receive()).isPresent();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Message.Notification note(String text) {
        return new Message.Notification("notifications/message", Json.tree(text));
    }

    /** A request whose endpoint returned without having replied. */
    private final class Call implements AutoCloseable {
        private final TestConnection connection = connection();
        private final BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();
        private final StreamableHttp http;
        private final Thread thread;
        private final Exchange exchange;

        Call(ManualTime time) throws InterruptedException {
            HttpOptions quick =
                    HttpOptions.builder().shutdownGrace(Duration.ofMillis(1)).build();
            http = new StreamableHttp(
                    exchange -> {
                        receive(exchange);
                        exchanges.add(exchange);
                    },
                    quick,
                    List.of(),
                    () -> time.nanos);
            time.pulse = http.pulse();
            thread = Thread.ofVirtual().start(() -> http.serve(connection, connection));
            exchange = exchanges.take();
        }

        Exchange exchange() {
            return exchange;
        }

        void awaitServed() throws InterruptedException {
            thread.join();
        }

        @Override
        public void close() throws InterruptedException {
            exchange.reply(DONE);
            awaitServed();
        }
    }
}
