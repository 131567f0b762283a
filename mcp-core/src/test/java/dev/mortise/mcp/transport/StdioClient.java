package dev.mortise.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The client's end of a transport that runs in this process, over two pipes of the operating system. */
final class StdioClient implements AutoCloseable {
    static final long PATIENCE_SECONDS = 20;

    final StdioTransport transport;
    final Thread running;
    private final Pipe toServer = Pipe.open();
    private final Pipe fromServer = Pipe.open();
    private final OutputStream input = Channels.newOutputStream(toServer.sink());
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final CountDownLatch returned = new CountDownLatch(1);

    StdioClient(Consumer<Exchange> handler) throws IOException {
        this(handler, settings -> settings);
    }

    StdioClient(Consumer<Exchange> handler, UnaryOperator<StdioTransport.Builder> settings) throws IOException {
        transport = settings.apply(StdioTransport.builder(handler)
                        .streams(
                                Channels.newInputStream(toServer.source()),
                                Channels.newOutputStream(fromServer.sink())))
                .build();
        Thread.ofVirtual().start(this::readLines);
        running = Thread.ofVirtual().start(() -> {
            try {
                transport.run();
            } finally {
                returned.countDown();
            }
        });
    }

    void line(String line) {
        bytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void bytes(byte[] bytes) {
        try {
            input.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void request(Object id, String method) {
        line("{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\"}".formatted(id, method));
    }

    void cancel(Object id) {
        line(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":%s,\"reason\":\"no\"}}"
                        .formatted(id));
    }

    /** The next line of the server. */
    String nextLine() throws InterruptedException {
        String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(line).as("a line in time").isNotNull();
        return line;
    }

    Message next() throws InterruptedException {
        MessageCodec.Decoded decoded = MessageCodec.decode(nextLine().getBytes(StandardCharsets.UTF_8));
        assertThat(decoded).isInstanceOf(MessageCodec.Decoded.Ok.class);
        return ((MessageCodec.Decoded.Ok) decoded).message();
    }

    Message.Failure nextFailure() throws InterruptedException {
        Message message = next();
        assertThat(message).isInstanceOf(Message.Failure.class);
        return (Message.Failure) message;
    }

    Message.Result nextResult() throws InterruptedException {
        Message message = next();
        assertThat(message).isInstanceOf(Message.Result.class);
        return (Message.Result) message;
    }

    void endInput() throws IOException {
        input.close();
    }

    /** Nobody reads what the server writes any more. */
    void stopReading() throws Exception {
        fromServer.source().close();
        // The pipe is really closed when the read that was under way has ended.
        assertThat(nextLine()).isEqualTo("(broken)");
    }

    void awaitReturn() throws InterruptedException {
        assertThat(returned.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("run returned in time")
                .isTrue();
    }

    /** Ends the transport; fails if it wrote a line that the test did not read. */
    void assertNothingMore() throws Exception {
        endInput();
        awaitReturn();
        fromServer.sink().close();
        assertThat(nextLine()).isEqualTo("(end)");
    }

    @Override
    public void close() throws IOException {
        transport.close();
        toServer.sink().close();
        toServer.source().close();
        fromServer.sink().close();
        fromServer.source().close();
    }

    private void readLines() {
        try (var reader = new BufferedReader(
                new InputStreamReader(Channels.newInputStream(fromServer.source()), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
            lines.add("(end)");
        } catch (IOException e) {
            lines.add("(broken)");
        }
    }
}
