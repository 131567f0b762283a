package dev.mortise.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class InMemoryTransportTest {
    private static final String PING = """
            {"jsonrpc": "2.0", "id": 1, "method": "ping"}
            """;
    private static final RequestId ONE = RequestId.of(1);

    @Test
    void aRequestIsAnsweredWithAllThatCameBefore() {
        InMemoryTransport wire = InMemoryTransport.to(exchange -> {
            for (int i = 0; i < 1_000; i++) {
                exchange.offer(Stub.progress(ONE, i));
            }
            Stub.echo(exchange);
        });
        Received received = wire.send(PING);
        assertThat(received.result().get("name").stringValue()).isEqualTo("ping");
        assertThat(received.reply().status()).isEqualTo(200);
        assertThat(received.notifications().stream()
                        .map(notification -> notification.params().get("value").intValue()))
                .hasSize(1_000)
                .isSorted();
    }

    @Test
    void bothDirectionsGoThroughBytes() {
        record Point(int x, int y) {}
        InMemoryTransport wire = InMemoryTransport.to(exchange -> {
            exchange.offer(Message.Notification.of("notifications/message", new Point(1, 2)));
            exchange.reply(Reply.of(Message.Result.of(Stub.request(exchange).id(), new Point(3, 4))));
        });
        Received received = wire.send(PING);
        assertThat(received.result().isObject()).isTrue();
        assertThat(received.result().get("y").intValue()).isEqualTo(4);
        assertThat(received.notifications().get(0).params().get("x").intValue()).isEqualTo(1);
    }

    @Test
    void bytesThatAreNoMessageReachTheHandlerAsTheyAre() {
        InMemoryTransport wire = InMemoryTransport.to(exchange -> {
            try {
                if (MessageCodec.decode(exchange.receive().orElseThrow())
                        instanceof MessageCodec.Decoded.Malformed malformed) {
                    exchange.reply(Reply.of(new Message.Failure(null, malformed.error()), 400));
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        Received received = wire.send(new byte[] {'{', (byte) 0xff, '}'});
        assertThat(received.error().code()).isEqualTo(JsonRpcError.PARSE_ERROR);
        assertThat(received.reply().status()).isEqualTo(400);
        assertThatThrownBy(received::result).hasMessageContaining("-32700");
    }

    @Test
    void statusAndHeadersOfTheReplyAreThere() {
        InMemoryTransport wire = InMemoryTransport.to(
                exchange -> exchange.reply(new Reply(null, 401, Map.of("WWW-Authenticate", "Bearer"))));
        Received received = wire.send(PING);
        assertThat(received.reply().headers()).containsEntry("WWW-Authenticate", "Bearer");
        assertThatThrownBy(received::response)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("401");
    }

    @Test
    void theOriginIsTheTestsChoice() {
        var seen = new CompletableFuture<Origin>();
        InMemoryTransport wire = InMemoryTransport.to(exchange -> {
            seen.complete(exchange.origin());
            Stub.echo(exchange);
        });
        Origin head = new Head(Map.of("MCP-Protocol-Version", List.of("2026-07-28")));
        wire.from(head).send(PING);
        assertThat(seen.join()).isSameAs(head);
    }

    @Test
    void aConversationIsReadStepByStep() throws Exception {
        var exchanges = new CompletableFuture<Exchange>();
        try (Conversation listening = InMemoryTransport.to(exchanges::complete).open(PING)) {
            Exchange exchange = exchanges.get(10, TimeUnit.SECONDS);
            exchange.deliver(Stub.progress(ONE, 1));
            exchange.offer(Stub.progress(ONE, 2));
            assertThat(listening.next().params().get("value").intValue()).isEqualTo(1);
            assertThat(listening.notifications()).hasSize(2);
            assertThat(listening.reply()).isEmpty();
            assertThat(listening
                            .next(Duration.ofSeconds(1))
                            .params()
                            .get("value")
                            .intValue())
                    .isEqualTo(2);

            exchange.reply(Reply.of(Stub.named(ONE, "over")));
            exchange.reply(Reply.of(Stub.named(ONE, "ignored")));
            exchange.offer(Stub.progress(ONE, 3));
            assertThatThrownBy(() -> exchange.deliver(Stub.progress(ONE, 4))).isInstanceOf(IOException.class);
            assertThat(listening.end().result().get("name").stringValue()).isEqualTo("over");
            assertThat(listening.end().notifications()).hasSize(2);
            assertThatThrownBy(listening::next).hasMessageContaining("No notification comes any more");
        }
    }

    @Test
    void cancellingTellsTheServer() throws Exception {
        var exchanges = new CompletableFuture<Exchange>();
        var gone = new AtomicBoolean();
        Conversation call = InMemoryTransport.to(exchange -> {
                    exchange.onGone(() -> gone.set(true));
                    exchanges.complete(exchange);
                })
                .open(PING);
        Exchange exchange = exchanges.get(10, TimeUnit.SECONDS);
        call.cancel();

        assertThat(gone).isTrue();
        assertThatThrownBy(() -> exchange.deliver(Stub.progress(ONE, 1))).isInstanceOf(IOException.class);
        assertThatThrownBy(exchange::receive).isInstanceOf(IOException.class);
        exchange.offer(Stub.progress(ONE, 2));
        exchange.reply(Reply.of(Stub.named(ONE, "too late")));
        assertThat(call.notifications()).isEmpty();
        assertThatThrownBy(call::end).isInstanceOf(IllegalStateException.class).hasMessageContaining("cancelled: true");
    }

    @Test
    void closingAnAnsweredConversationIsNoCancellation() {
        var gone = new AtomicBoolean();
        try (Conversation call = InMemoryTransport.to(exchange -> {
                    exchange.onGone(() -> gone.set(true));
                    Stub.echo(exchange);
                })
                .open(PING)) {
            call.end();
        }
        assertThat(gone).isFalse();
    }

    @Test
    void aTestLearnsWhyNothingComes() {
        InMemoryTransport silent = InMemoryTransport.to(exchange -> {}).within(Duration.ofMillis(1));
        assertThatThrownBy(() -> silent.send(PING))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("No reply came within PT0.001S");

        var failure = new IllegalArgumentException("a bug");
        InMemoryTransport failing = InMemoryTransport.to(exchange -> {
            Stub.echo(exchange);
            throw failure;
        });
        assertThatThrownBy(() -> failing.send(PING)).hasCause(failure);
    }

    @Test
    void sendReturnsAfterTheHandler() {
        var go = new CountDownLatch(1);
        var returned = new AtomicBoolean();
        Conversation call = InMemoryTransport.to(exchange -> {
                    Stub.echo(exchange);
                    Stub.await(go);
                    returned.set(true);
                })
                .open(PING);
        assertThatThrownBy(() -> call.end(Duration.ofMillis(1))).hasMessageContaining("handler returned: false");
        go.countDown();
        assertThat(call.end().response()).isEqualTo(Stub.named(ONE, "ping"));
        assertThat(returned).isTrue();
    }

    private record Head(Map<String, List<String>> fields) implements HttpHead {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public URI uri() {
            return URI.create("http://localhost/mcp");
        }

        @Override
        public List<String> headers(String name) {
            return fields.getOrDefault(name, List.of());
        }

        @Override
        public String remoteAddress() {
            return "192.0.2.1";
        }
    }
}
