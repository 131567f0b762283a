package dev.mortise.benchmarks.production;

import dev.mortise.benchmarks.ResponseReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends the mix at an even rate whether earlier requests are answered or not. It shares its processors with what it loads,
 * so it sleeps until the next millisecond and then sends all that is due; times count from when a request was due.
 * Connections that break are replaced: what they carried is without an answer. Not thread-safe.
 */
final class OpenMix implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** nginx closes a connection after a thousand requests; this one goes before. */
    private static final int REQUESTS_OF_CONNECTION = 900;

    /** Of this machine, to be several clients. */
    private static final int ADDRESSES = 4;

    /** Fewer than nginx admits from so many. */
    private static final int MAX_CONNECTIONS = ADDRESSES * 240;

    private static final class Connection {
        final SocketChannel channel;
        final ResponseReader reader = new ResponseReader();
        Requests.@Nullable Request request;
        long due;
        int sent;

        final int address;

        Connection(SocketChannel channel, int address) {
            this.channel = channel;
            this.address = address;
        }
    }

    private final int port;
    private final Requests requests;
    private final Tally tally;
    private final Selector selector = Selector.open();
    private final Set<Connection> all = new HashSet<>();
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
    private final int[] open = new int[ADDRESSES];

    OpenMix(int port, Requests requests, Tally tally) throws IOException {
        this.port = port;
        this.requests = requests;
        this.tally = tally;
    }

    /** Sends for that long; returns when the last answer has come, or was given up. */
    void run(double rate, Duration duration) throws IOException {
        long end = System.nanoTime() + duration.toNanos();
        runWhile(rate, () -> System.nanoTime() - end < 0);
    }

    /** Sends while that is so; returns when the last answer has come, or was given up. */
    void runWhile(double rate, BooleanSupplier going) throws IOException {
        long gap = (long) (1e9 / rate);
        long due = System.nanoTime();
        long nextSweep = due;
        while (going.getAsBoolean()) {
            long now = System.nanoTime();
            for (; due - now <= 0; due += gap) {
                send(requests.next(), due);
            }
            long millis = (due - System.nanoTime() + 999_999) / 1_000_000;
            if (millis > 0) {
                selector.select(this::receive, millis);
            } else {
                selector.selectNow(this::receive);
            }
            if (System.nanoTime() - nextSweep > 0) {
                giveUp();
                nextSweep = System.nanoTime() + 1_000_000_000;
            }
        }
        while (idle.size() < all.size()) {
            selector.select(this::receive, 10);
            giveUp();
        }
    }

    private void send(Requests.Request request, long due) {
        Connection connection = idle.pollFirst();
        try {
            if (connection == null) {
                if (all.size() == MAX_CONNECTIONS) {
                    tally.unsent();
                    return;
                }
                connection = connect();
            }
        } catch (IOException e) {
            tally.unsent();
            return;
        }
        connection.request = request;
        connection.due = due;
        connection.sent++;
        tally.late(System.nanoTime() - due);
        try {
            buffer.clear().put(request.bytes().duplicate()).flip();
            while (buffer.hasRemaining()) {
                connection.channel.write(buffer);
            }
        } catch (IOException e) {
            lost(connection, "it could not be written");
        }
    }

    private Connection connect() throws IOException {
        int address = IntStream.range(0, ADDRESSES)
                .boxed()
                .min(Comparator.comparingInt(each -> open[each]))
                .orElseThrow();
        SocketChannel channel = SocketChannel.open();
        try {
            channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0." + (1 + address)), 0));
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Connection connection = new Connection(channel, address);
        channel.register(selector, SelectionKey.OP_READ, connection);
        all.add(connection);
        open[address]++;
        return connection;
    }

    private void receive(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            buffer.clear();
            if (connection.channel.read(buffer) < 0) {
                lost(connection, "the connection was closed");
            } else if (connection.reader.read(buffer.flip())) {
                answered(connection);
            }
        } catch (IOException e) {
            lost(connection, "the connection broke");
        }
    }

    private void answered(Connection connection) {
        Requests.Request request = Objects.requireNonNull(connection.request);
        tally.answered(
                request, connection.reader.status(), connection.reader.body(), System.nanoTime() - connection.due);
        connection.request = null;
        if (connection.sent == REQUESTS_OF_CONNECTION) {
            discard(connection);
        } else {
            idle.addFirst(connection);
        }
    }

    private void lost(Connection connection, String why) {
        if (connection.request == null) {
            idle.remove(connection);
        } else {
            tally.unanswered(connection.request, why);
        }
        discard(connection);
    }

    private void discard(Connection connection) {
        if (all.remove(connection)) {
            open[connection.address]--;
        }
        try {
            connection.channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("A connection does not close", e);
        }
    }

    private void giveUp() {
        long now = System.nanoTime();
        for (Connection connection : Set.copyOf(all)) {
            if (connection.request != null && now - connection.due > PATIENCE.toNanos()) {
                lost(connection, "within " + PATIENCE);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : all) {
            connection.channel.close();
        }
        selector.close();
    }
}
