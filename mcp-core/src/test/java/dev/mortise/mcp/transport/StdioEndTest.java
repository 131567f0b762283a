package dev.mortise.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.jsonrpc.RequestId;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StdioEndTest {
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void runningRequestsMayFinishAfterTheInputEnds() throws Exception {
        var started = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var client = new StdioClient(
                exchange -> {
                    started.countDown();
                    Stub.await(go);
                    Stub.echo(exchange);
                },
                settings -> settings.grace(LONG))) {
            client.request(1, "quick");
            Stub.await(started);
            client.endInput();
            go.countDown();
            assertThat(Stub.nameIn(client.nextResult())).isEqualTo("quick");
            client.awaitReturn();
        }
    }

    @Test
    void afterTheGracePeriodTheRestIsCancelled() throws Exception {
        var started = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        try (var client = new StdioClient(
                exchange -> {
                    exchange.onGone(gone::countDown);
                    started.countDown();
                    Stub.await(gone);
                },
                settings -> settings.grace(Duration.ZERO))) {
            client.request(1, "slow");
            Stub.await(started);
            client.assertNothingMore();
            Stub.await(gone);
        }
    }

    @Test
    void aHandlerThatIgnoresItsCancellationIsNotWaitedFor() throws Exception {
        var never = new CountDownLatch(1);
        try (var client = new StdioClient(exchange -> Stub.await(never), settings -> settings.grace(Duration.ZERO))) {
            client.request(1, "stubborn");
            client.assertNothingMore();
            never.countDown();
        }
    }

    @Test
    void listenRequestsDoNotDelayTheEnd() throws Exception {
        var gone = new CountDownLatch(1);
        try (var client = new StdioClient(
                exchange -> {
                    exchange.onGone(gone::countDown);
                    exchange.offer(Stub.progress(RequestId.of(1), 1));
                },
                settings -> settings.grace(LONG))) {
            client.request(1, "subscriptions/listen");
            client.next();
            client.assertNothingMore();
            Stub.await(gone);
        }
    }

    @Test
    void closeEndsATransportThatWaitsForInput() throws Exception {
        try (var client = new StdioClient(Stub::echo)) {
            client.request(1, "served");
            client.nextResult();
            client.transport.close();
            client.awaitReturn();
        }
    }

    @Test
    void closeBeforeRunIsTheEndAsWell() {
        StdioTransport transport = StdioTransport.builder(Stub::echo)
                .streams(input(""), OutputStream.nullOutputStream())
                .build();
        transport.close();
        transport.run();
    }

    @Test
    void anInterruptEndsWithoutGrace() throws Exception {
        var started = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        try (var client = new StdioClient(
                exchange -> {
                    exchange.onGone(gone::countDown);
                    started.countDown();
                },
                settings -> settings.grace(LONG))) {
            client.request(1, "running");
            Stub.await(started);
            client.running.interrupt();
            client.awaitReturn();
            Stub.await(gone);
        }
    }

    @Test
    void whenNobodyReadsTheRunEndsAndEverythingIsCancelled() throws Exception {
        var started = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        try (var client = new StdioClient(
                exchange -> {
                    if (Stub.request(exchange).method().equals("running")) {
                        exchange.onGone(gone::countDown);
                        started.countDown();
                    } else {
                        Stub.echo(exchange);
                    }
                },
                settings -> settings.grace(LONG))) {
            client.request(1, "running");
            Stub.await(started);
            client.stopReading();
            client.request(2, "echo");
            client.awaitReturn();
            Stub.await(gone);
        }
    }

    @Test
    void aStreamThatFailsOddlyIsBrokenToo() throws Exception {
        var in = input("{\n{\n");
        StdioTransport.builder(Stub::echo)
                .streams(in, new OutputStream() {
                    @Override
                    public void write(int b) {
                        throw new IllegalStateException("expected by the test");
                    }
                })
                .build()
                .run();
        assertThat(in.available()).isZero();
    }

    @Test
    void aClientThatDoesNotReadDelaysOnlyTheEndOfTheGracePeriod() throws Exception {
        var writing = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        InputStream request = input("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}\n");
        InputStream endAfterThat = new InputStream() {
            @Override
            public int read() {
                Stub.await(writing);
                return -1;
            }
        };
        StdioTransport.builder(Stub::echo)
                .streams(new SequenceInputStream(request, endAfterThat), new OutputStream() {
                    @Override
                    public void write(int b) {
                        writing.countDown();
                        Stub.await(never);
                    }
                })
                .grace(Duration.ZERO)
                .build()
                .run();
        never.countDown();
    }

    private static InputStream input(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
