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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Sends requests over HTTP at an even rate, whether earlier ones are answered or not, as from many clients who know
 * nothing of each other. A connection that waits for a reply is not used again before it has come. There are as many as it
 * takes, up to a bound: with all of them waiting, a request that is due is left out and counted, since a generator that
 * fell behind would otherwise load the server with connections that no client wanted. Times count from when a request was
 * due, not from when it was sent. Not thread-safe.
 */
final class OpenLoop implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * A stretch of time.
     *
     * @param admitted of replies with status 200
     * @param refused of replies with status 503
     * @param lag how late requests were sent: what the generator itself could not do
     * @param inTime replies with status 200 within the time that somebody waits for them, as long as there were requests:
     *     what comes after the last of them is of no second that counts
     * @param unsent requests that were due while all connections waited
     * @param connections that there were in the end
     */
    record Phase(
            double seconds,
            Latencies admitted,
            Latencies refused,
            Latencies lag,
            int inTime,
            int unsent,
            int connections) {
        /** Answers a second that were of use. */
        double goodput() {
            return inTime / seconds;
        }
    }

    private static final class Connection {
        final SocketChannel channel;
        final ResponseReader reader = new ResponseReader();
        long due;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private final int port;
    private final byte[] request;
    private final Duration waitedFor;
    private final int maxConnections;
    private final Selector selector = Selector.open();
    private final Set<Connection> all = new HashSet<>();
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private Latencies admitted = new Latencies();
    private Latencies refused = new Latencies();
    private int inTime;
    private boolean sending;

    /**
     * @param waitedFor how long after it was due an answer is of use
     * @param maxConnections at most so many requests wait for a reply at once
     */
    OpenLoop(int port, byte[] request, Duration waitedFor, int maxConnections) throws IOException {
        this.port = port;
        this.request = request;
        this.waitedFor = waitedFor;
        this.maxConnections = maxConnections;
    }

    /** Opens all the connections that there may be, so that later phases find as many as earlier ones. */
    void connectAll() throws IOException {
        while (all.size() < maxConnections) {
            idle.add(connect());
        }
    }

    /** Sends for that long; returns when the last reply has come. */
    Phase run(double rate, Duration duration) throws IOException {
        admitted = new Latencies();
        refused = new Latencies();
        inTime = 0;
        int unsent = 0;
        Latencies lag = new Latencies();
        long gap = (long) (1e9 / rate);
        long began = System.nanoTime();
        long end = began + duration.toNanos();
        sending = true;
        for (long due = began; due - end < 0; due += gap) {
            receiveUntil(due);
            if (send(due)) {
                lag.add(System.nanoTime() - due);
            } else {
                unsent++;
            }
        }
        sending = false;
        double seconds = (System.nanoTime() - began) / 1e9;
        long patience = System.nanoTime() + PATIENCE.toNanos();
        while (idle.size() < all.size()) {
            if (System.nanoTime() - patience > 0) {
                throw new IOException(all.size() - idle.size() + " replies did not come within " + PATIENCE);
            }
            selector.select(this::receive, 1);
        }
        return new Phase(seconds, admitted, refused, lag, inTime, unsent, all.size());
    }

    private void receiveUntil(long due) throws IOException {
        long left = due - System.nanoTime();
        do {
            // Whole milliseconds are all that it can wait; the rest it looks again and again.
            long millis = left / 1_000_000;
            if (millis > 0) {
                selector.select(this::receive, millis);
            } else {
                selector.selectNow(this::receive);
            }
            left = due - System.nanoTime();
        } while (left > 0);
    }

    /** Whether there was a connection for it. */
    private boolean send(long due) throws IOException {
        Connection connection = idle.poll();
        if (connection == null) {
            if (all.size() == maxConnections) {
                return false;
            }
            connection = connect();
        }
        connection.due = due;
        buffer.clear().put(request).flip();
        while (buffer.hasRemaining()) {
            connection.channel.write(buffer);
        }
        return true;
    }

    private Connection connect() throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Connection connection = new Connection(channel);
        channel.register(selector, SelectionKey.OP_READ, connection);
        all.add(connection);
        return connection;
    }

    private void receive(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            buffer.clear();
            if (connection.channel.read(buffer) < 0) {
                throw new IOException("The server hung up");
            }
            if (connection.reader.read(buffer.flip())) {
                note(connection, System.nanoTime() - connection.due);
                idle.push(connection);
            }
        } catch (IOException e) {
            throw new IllegalStateException("A request failed, which no overload may do", e);
        }
    }

    private void note(Connection connection, long took) {
        switch (connection.reader.status()) {
            case 200 -> {
                admitted.add(took);
                if (took <= waitedFor.toNanos() && sending) {
                    inTime++;
                }
            }
            case 503 -> refused.add(took);
            default ->
                throw new IllegalStateException(
                        "Status " + connection.reader.status() + ": " + connection.reader.body());
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
