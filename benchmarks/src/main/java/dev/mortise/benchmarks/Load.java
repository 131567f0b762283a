package dev.mortise.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Sends one request over and over on some connections that are kept, the next as soon as the reply is there, from one
 * thread, which takes as little as possible of the machine that it shares with the server. Every reply is compared
 * with the one that is expected. Not thread-safe.
 */
final class Load implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What came of a round. */
    record Round(int requests, long nanos, Latencies latencies) {
        double perSecond() {
            return requests * 1e9 / nanos;
        }
    }

    private static final class Connection {
        final SocketChannel channel;
        final ResponseReader reader = new ResponseReader();
        long sent;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private final byte[] request;
    private final byte[] expected;
    private final Selector selector = Selector.open();
    private final List<Connection> connections = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private int waiting;

    /** @param expected the body of every reply */
    Load(int port, byte[] request, byte[] expected, int count) throws IOException {
        this.request = request;
        this.expected = expected;
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Connection connection = new Connection(channel);
            channel.register(selector, SelectionKey.OP_READ, connection);
            connections.add(connection);
        }
    }

    /** The body of the reply to one request. */
    static String reply(int port, byte[] request) throws IOException {
        try (SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            channel.write(ByteBuffer.wrap(request));
            return read(channel);
        }
    }

    /** Reads one reply, blocking, and returns its body. */
    static String read(SocketChannel channel) throws IOException {
        ResponseReader reader = new ResponseReader();
        ByteBuffer in = ByteBuffer.allocate(4096);
        boolean complete = false;
        while (!complete) {
            in.clear();
            if (channel.read(in) < 0) {
                throw new IOException("The server hung up");
            }
            complete = reader.read(in.flip());
        }
        if (reader.status() != 200) {
            throw new IOException("Status " + reader.status() + ": " + reader.body());
        }
        return reader.body();
    }

    Round run(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        return runWhile(() -> System.nanoTime() < end);
    }

    /** Sends while that is true; returns when the last reply has come. */
    Round runWhile(BooleanSupplier going) throws IOException {
        Latencies latencies = new Latencies();
        long start = System.nanoTime();
        for (Connection connection : connections) {
            send(connection);
        }
        while (waiting > 0) {
            if (selector.select(PATIENCE.toMillis()) == 0) {
                throw new IOException("No reply came within " + PATIENCE);
            }
            for (SelectionKey key : selector.selectedKeys()) {
                Connection connection = (Connection) key.attachment();
                if (isAnswered(connection)) {
                    waiting--;
                    latencies.add(System.nanoTime() - connection.sent);
                    if (going.getAsBoolean()) {
                        send(connection);
                    }
                }
            }
            selector.selectedKeys().clear();
        }
        return new Round(latencies.count(), System.nanoTime() - start, latencies);
    }

    private void send(Connection connection) throws IOException {
        connection.sent = System.nanoTime();
        buffer.clear().put(request).flip();
        while (buffer.hasRemaining()) {
            connection.channel.write(buffer);
        }
        waiting++;
    }

    private boolean isAnswered(Connection connection) throws IOException {
        buffer.clear();
        if (connection.channel.read(buffer) < 0) {
            throw new IOException("The server hung up");
        }
        ResponseReader reader = connection.reader;
        if (!reader.read(buffer.flip())) {
            return false;
        }
        if (reader.status() != 200 || !reader.bodyIs(expected)) {
            throw new IOException("An unexpected reply, status " + reader.status() + ": " + reader.body());
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.channel.close();
        }
        selector.close();
    }
}
