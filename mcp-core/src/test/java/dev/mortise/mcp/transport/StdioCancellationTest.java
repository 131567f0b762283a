package dev.mortise.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StdioCancellationTest {

    @Test
    void nothingMoreIsWrittenForACancelledRequest() throws Exception {
        var started = new CountDownLatch(1);
        var tried = new CountDownLatch(1);
        try (var client = new StdioClient(exchange -> {
            Message.Request request = Stub.request(exchange);
            if (request.method().equals("cancelled")) {
                started.countDown();
                awaitGone(exchange);
                exchange.offer(Stub.progress(request.id(), 1));
                assertThatThrownBy(() -> exchange.deliver(Stub.progress(request.id(), 2)))
                        .isInstanceOf(IOException.class);
                assertThatThrownBy(exchange::receive).isInstanceOf(IOException.class);
                exchange.reply(Reply.of(Stub.named(request.id(), "too late")));
                tried.countDown();
            } else {
                Stub.echo(exchange);
            }
        })) {
            client.request(1, "cancelled");
            Stub.await(started);
            client.cancel(1);
            Stub.await(tried);
            client.request(2, "next");
            assertThat(client.nextResult().id()).isEqualTo(RequestId.of(2));
            client.assertNothingMore();
        }
    }

    @Test
    void aStringAndAnIntegerAreDifferentIds() throws Exception {
        var started = new CountDownLatch(2);
        var went = new CompletableFuture<RequestId>();
        try (var client = new StdioClient(exchange -> {
            RequestId id = Stub.request(exchange).id();
            exchange.onGone(() -> went.complete(id));
            started.countDown();
        })) {
            client.request(1, "number");
            client.request("\"1\"", "string");
            Stub.await(started);
            client.cancel("\"1\"");
            assertThat(went.get(StdioClient.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(RequestId.of("1"));
            client.cancel(1);
        }
    }

    @Test
    void cancellationsThatMeanNothingAreIgnored() throws Exception {
        var handled = new AtomicInteger();
        try (var client = new StdioClient(exchange -> {
            handled.incrementAndGet();
            Stub.echo(exchange);
        })) {
            client.request(1, "done");
            client.nextResult();
            client.cancel(1);
            client.cancel(99);
            client.cancel("null");
            client.cancel("1.5");
            client.cancel("{}");
            client.line("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}");
            client.line("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{}}");
            client.request(2, "next");
            assertThat(client.nextResult().id()).isEqualTo(RequestId.of(2));
            client.assertNothingMore();
        }
        assertThat(handled).as("cancellations are not passed on").hasValue(2);
    }

    @Test
    void theIdOfACancelledRequestIsFree() throws Exception {
        var started = new CountDownLatch(1);
        var stop = new CountDownLatch(1);
        try (var client = new StdioClient(exchange -> {
            Message.Request request = Stub.request(exchange);
            if (request.method().equals("cancelled")) {
                started.countDown();
                Stub.await(stop);
            }
            exchange.reply(Reply.of(Stub.named(request.id(), request.method())));
        })) {
            client.request(1, "cancelled");
            Stub.await(started);
            client.cancel(1);
            client.request(1, "again");
            assertThat(Stub.nameIn(client.nextResult())).isEqualTo("again");
            stop.countDown();
            client.assertNothingMore();
        }
    }

    @Test
    void anActionThatHangsOrFailsDoesNotStopTheReading() throws Exception {
        var release = new CountDownLatch(1);
        var second = new CountDownLatch(1);
        var ready = new CountDownLatch(2);
        try (var client = new StdioClient(exchange -> {
            switch (Stub.request(exchange).method()) {
                case "hangs" -> {
                    exchange.onGone(() -> Stub.await(release));
                    ready.countDown();
                }
                case "fails" -> {
                    exchange.onGone(() -> {
                        throw new IllegalStateException("expected by the test");
                    });
                    exchange.onGone(second::countDown);
                    ready.countDown();
                }
                default -> Stub.echo(exchange);
            }
        })) {
            client.request(1, "hangs");
            client.request(2, "fails");
            Stub.await(ready);
            client.cancel(1);
            client.cancel(2);
            client.request(3, "next");
            assertThat(client.nextResult().id()).isEqualTo(RequestId.of(3));
            Stub.await(second);
            release.countDown();
        }
    }

    @Test
    void anActionRunsAtOnceWhenTheSenderIsGoneAndNeverAfterTheReply() throws Exception {
        var started = new CountDownLatch(1);
        var late = new CountDownLatch(1);
        var wrong = new AtomicInteger();
        try (var client = new StdioClient(exchange -> {
            if (Stub.request(exchange).method().equals("cancelled")) {
                started.countDown();
                awaitGone(exchange);
                exchange.onGone(late::countDown);
            } else {
                exchange.onGone(wrong::incrementAndGet);
                Stub.echo(exchange);
                exchange.onGone(wrong::incrementAndGet);
            }
        })) {
            client.request(1, "answered");
            client.nextResult();
            client.request(2, "cancelled");
            Stub.await(started);
            client.cancel(2);
            Stub.await(late);
            client.assertNothingMore();
        }
        assertThat(wrong).hasValue(0);
    }

    private static void awaitGone(Exchange exchange) {
        var gone = new CountDownLatch(1);
        exchange.onGone(gone::countDown);
        Stub.await(gone);
    }
}
