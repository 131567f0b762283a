package dev.mortise.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Clients with a listen stream each, read by one thread. Not thread-safe. */
final class ListenSockets implements AutoCloseable {
    private static final String ACKNOWLEDGED = "\"notifications/subscriptions/acknowledged\"";
    private static final String CHANGED = "\"notifications/tools/list_changed\"";
    private static final int BATCH = 100;
    private static final long SELECT_MILLIS = 100;

    private final int port;
    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();
    private final Set<ResponseReader> acknowledged = new HashSet<>();
    private final Set<ResponseReader> told = new HashSet<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);

    ListenSockets(int port) throws IOException {
        this.port = port;
    }

    /**
     * Opens streams, a batch at a time; returns how long it took until the last was acknowledged.
     *
     * @throws IOException if they are not all acknowledged in time; the limit on open files is a usual reason
     */
    Duration open(int count, Duration patience) throws IOException {
        long start = System.nanoTime();
        byte[] request = RequestBytes.listen(port);
        while (channels.size() < count) {
            int batch = Math.min(BATCH, count - channels.size());
            for (int i = 0; i < batch; i++) {
                open(request);
            }
            await(acknowledged, patience);
            if (acknowledged.size() < channels.size()) {
                throw new IOException("Only " + acknowledged.size() + " of " + channels.size()
                        + " streams were acknowledged within " + patience);
            }
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void open(byte[] request) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channels.add(channel);
        channel.write(ByteBuffer.wrap(request));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new ResponseReader());
    }

    /** Waits until every stream has said that the list changed; returns how many did. */
    int awaitChange(Duration patience) throws IOException {
        await(told, patience);
        return told.size();
    }

    /** Reads until all streams are in the set, or the time is over. */
    private void await(Set<ResponseReader> set, Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (set.size() < channels.size() && System.nanoTime() < end) {
            selector.select(SELECT_MILLIS);
            for (SelectionKey key : selector.selectedKeys()) {
                read((SocketChannel) key.channel(), (ResponseReader) key.attachment());
            }
            selector.selectedKeys().clear();
        }
    }

    private void read(SocketChannel channel, ResponseReader reader) throws IOException {
        buffer.clear();
        if (channel.read(buffer) < 0 || reader.read(buffer.flip())) {
            throw new IOException("A stream ended, with status " + reader.status() + ": " + reader.body());
        }
        String body = reader.body();
        if (body.contains(ACKNOWLEDGED)) {
            acknowledged.add(reader);
        }
        if (body.contains(CHANGED)) {
            told.add(reader);
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
        selector.close();
    }
}
