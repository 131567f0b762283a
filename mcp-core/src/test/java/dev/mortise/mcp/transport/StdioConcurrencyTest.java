package dev.mortise.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class StdioConcurrencyTest {

    @Test
    void requestsRunSideBySide() throws Exception {
        var both = new CountDownLatch(2);
        try (var client = new StdioClient(exchange -> {
            both.countDown();
            Stub.await(both);
            Stub.echo(exchange);
        })) {
            client.request(1, "a");
            client.request(2, "b");
            assertThat(Set.of(client.nextResult().id(), client.nextResult().id()))
                    .isEqualTo(Set.of(RequestId.of(1), RequestId.of(2)));
        }
    }

    @Test
    void manyRequestsInterleaveWholeLinesAndKeepTheirOwnOrder() throws Exception {
        int requests = 400;
        int notifications = 5;
        try (var client = new StdioClient(
                exchange -> {
                    Message.Request request = Stub.request(exchange);
                    for (int i = 0; i < notifications; i++) {
                        exchange.offer(Stub.progress(request.id(), i));
                    }
                    exchange.reply(Reply.of(Stub.named(request.id(), request.method())));
                },
                settings -> settings.maxInFlight(requests))) {
            for (int id = 0; id < requests; id++) {
                client.request(id, "x".repeat(id * 7 % 900));
            }
            Map<String, Integer> next = new HashMap<>();
            int replies = 0;
            for (int i = 0; i < requests * (notifications + 1); i++) {
                switch (client.next()) {
                    case Message.Notification notification -> {
                        String id = notification.params().get("id").stringValue();
                        int value = notification.params().get("value").intValue();
                        assertThat(value).isEqualTo(next.getOrDefault(id, 0));
                        next.put(id, value + 1);
                    }
                    case Message.Result result -> {
                        assertThat(next.get(result.id().toString())).isEqualTo(notifications);
                        replies++;
                    }
                    case Message other -> throw new AssertionError(other);
                }
            }
            assertThat(replies).isEqualTo(requests);
            client.assertNothingMore();
        }
    }

    @Test
    void anIdInFlightIsRefusedAndTheFirstRequestIsStillAnswered() throws Exception {
        var go = new CountDownLatch(1);
        try (var client = new StdioClient(exchange -> {
            if (Stub.request(exchange).method().equals("slow")) {
                Stub.await(go);
            }
            Stub.echo(exchange);
        })) {
            client.request(1, "slow");
            client.request(1, "again");
            client.request("\"1\"", "a string is another id");
            Message.Failure failure = null;
            for (int i = 0; i < 2; i++) {
                if (client.next() instanceof Message.Failure found) {
                    failure = found;
                }
            }
            assertThat(failure).isNotNull();
            assertThat(failure.id()).isEqualTo(RequestId.of(1));
            assertThat(failure.error().code()).isEqualTo(JsonRpcError.INVALID_REQUEST);

            go.countDown();
            assertThat(Stub.nameIn(client.nextResult())).isEqualTo("slow");
            client.request(1, "free again");
            assertThat(Stub.nameIn(client.nextResult())).isEqualTo("free again");
        }
    }

    @Test
    void whenFullRequestsAreRefusedButCancellationsGetThrough() throws Exception {
        try (var client = new StdioClient(StdioConcurrencyTest::untilGone, settings -> settings.maxInFlight(2))) {
            client.request(1, "wait");
            client.request(2, "wait");
            client.request(3, "one too many");
            Message.Failure failure = client.nextFailure();
            assertThat(failure.id()).isEqualTo(RequestId.of(3));
            assertThat(failure.error().code()).isEqualTo(JsonRpcError.INTERNAL_ERROR);
            assertThat(failure.error().message()).startsWith("Overloaded: 2 requests");

            client.cancel(1);
            Message answer;
            do {
                client.request(4, "now");
                answer = client.next();
            } while (answer instanceof Message.Failure);
            assertThat(answer).isEqualTo(Stub.named(RequestId.of(4), "now"));
        }
    }

    @Test
    void aCancelledRequestKeepsItsPlaceUntilItsHandlerStops() throws Exception {
        var gone = new CountDownLatch(1);
        var stop = new CountDownLatch(1);
        try (var client = new StdioClient(
                exchange -> {
                    exchange.onGone(gone::countDown);
                    Stub.await(stop);
                },
                settings -> settings.maxInFlight(1))) {
            client.request(1, "stubborn");
            client.cancel(1);
            Stub.await(gone);
            client.request(2, "refused");
            assertThat(client.nextFailure().id()).isEqualTo(RequestId.of(2));
            stop.countDown();
        }
    }

    @Test
    void aFullHouseDoesNotKeepOutWhatItWaitsFor() throws Exception {
        var told = new CountDownLatch(1);
        try (var client = new StdioClient(
                exchange -> {
                    if (Stub.message(exchange) instanceof Message.Request) {
                        Stub.await(told);
                        Stub.echo(exchange);
                    } else {
                        told.countDown();
                    }
                },
                settings -> settings.maxInFlight(1))) {
            client.request(1, "asks");
            client.line("{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{}}");
            assertThat(Stub.nameIn(client.nextResult())).isEqualTo("asks");
        }
    }

    @Test
    void aHandlerThatFailsStillGetsAnAnswer() throws Exception {
        try (var client = new StdioClient(exchange -> {
            throw new IllegalArgumentException("an internal secret");
        })) {
            client.request(1, "fails");
            assertThat(client.nextFailure())
                    .isEqualTo(new Message.Failure(
                            RequestId.of(1),
                            JsonRpcError.of(JsonRpcError.INTERNAL_ERROR, "The request could not be handled")));
        }
    }

    @Test
    void aResultThatIsNoJsonIsAnInternalError() throws Exception {
        try (var client = new StdioClient(exchange -> {
            RequestId id = Stub.request(exchange).id();
            exchange.offer(Message.Notification.of("notifications/message", new Unwritable()));
            exchange.reply(Reply.of(Message.Result.of(id, new Unwritable())));
        })) {
            client.request(1, "unwritable");
            assertThat(client.nextFailure().error().code()).isEqualTo(JsonRpcError.INTERNAL_ERROR);
            client.assertNothingMore();
        }
    }

    @Test
    void aReplyMayComeAfterTheHandlerHasReturned() throws Exception {
        var later = new LinkedBlockingQueue<Exchange>();
        try (var client = new StdioClient(later::add)) {
            client.request(1, "later");
            Stub.echo(later.take());
            assertThat(Stub.nameIn(client.nextResult())).isEqualTo("later");
        }
    }

    @Test
    void onlyTheFirstReplyCounts() throws Exception {
        try (var client = new StdioClient(exchange -> {
            Stub.echo(exchange);
            Stub.echo(exchange);
        })) {
            client.request(1, "once");
            client.nextResult();
            client.assertNothingMore();
        }
    }

    @Test
    void anInterruptedHandlerDoesNotTakeTheChannelFromTheOthers() throws Exception {
        try (var client = new StdioClient(exchange -> {
            Thread.currentThread().interrupt();
            Stub.echo(exchange);
        })) {
            client.request(1, "interrupted");
            assertThat(Stub.nameIn(client.nextResult())).isEqualTo("interrupted");
            client.request(2, "still there");
            assertThat(Stub.nameIn(client.nextResult())).isEqualTo("still there");
        }
    }

    private static void untilGone(Exchange exchange) {
        if (Stub.request(exchange).method().equals("wait")) {
            var gone = new CountDownLatch(1);
            exchange.onGone(gone::countDown);
            Stub.await(gone);
        } else {
            Stub.echo(exchange);
        }
    }

    /** A value whose reading fails. */
    public static final class Unwritable {
        public String getValue() {
            throw new IllegalStateException("not to be read");
        }
    }
}
