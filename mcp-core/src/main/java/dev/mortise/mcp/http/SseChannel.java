package dev.mortise.mcp.http;

import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.transport.Channel;
import dev.mortise.mcp.transport.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stream of one client of {@link HttpSse}: everything that it is sent, whatever it answers. Thread-safe. */
final class SseChannel implements Channel, Pulse.Sleeper {
    private static final Logger LOG = LoggerFactory.getLogger(HttpSse.class);

    /** As many as standard streams take. */
    private static final int MAX_IN_FLIGHT = 256;

    private final String messagePath;
    private final HttpWriter writer;
    private final Body body;
    private final HttpOptions options;
    private final Pulse pulse;
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<RequestId, SseMessage> requests = new ConcurrentHashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Runnable> closedActions = new ArrayList<>();
    private boolean closed;
    private volatile long due = Long.MAX_VALUE;

    SseChannel(String messagePath, HttpWriter writer, Body body, HttpOptions options, Pulse pulse) {
        this.messagePath = messagePath;
        this.writer = writer;
        this.body = body;
        this.options = options;
        this.pulse = pulse;
    }

    /** The client was admitted: tells it where its messages go. */
    void open() {
        write("endpoint", messagePath.getBytes(StandardCharsets.UTF_8));
    }

    /** The client was not admitted. */
    void refuse(Reply reply) {
        try {
            byte[] json = reply.message() == null ? null : MessageCodec.encode(reply.message());
            writer.whole(reply.status(), reply.headers(), json, body);
        } catch (IOException e) {
            LOG.debug("A client went away", e);
        } finally {
            close();
        }
    }

    @Override
    public void send(Message message) throws IOException {
        write(MessageCodec.encode(message));
    }

    /**
     * Writes a message, and waits until it is written.
     *
     * @throws IOException if the connection is closed
     */
    void write(byte[] json) throws IOException {
        if (!write("message", json)) {
            throw new IOException("The connection is closed");
        }
    }

    /** Returns whether it was written. */
    private boolean write(String type, byte[] data) {
        writing.lock();
        try {
            if (isClosed()) {
                return false;
            }
            due = pulse.now() + options.heartbeat().toNanos();
            writer.event(type, data);
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.debug("A client went away", e);
            close();
            return false;
        } finally {
            writing.unlock();
        }
    }

    /** Takes a place for a message; false if there are too many. */
    boolean enter() {
        if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
            inFlight.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        inFlight.decrementAndGet();
    }

    /** A request begins; false if one with its id has not ended. */
    boolean begin(RequestId id, SseMessage message) {
        return requests.putIfAbsent(id, message) == null;
    }

    void done(RequestId id, SseMessage message) {
        requests.remove(id, message);
    }

    /** The client cancels a request of its own; nothing happens if there is none. */
    void cancel(RequestId id) {
        SseMessage message = requests.get(id);
        if (message != null) {
            message.cancel();
        }
    }

    @Override
    public void onClosed(Runnable action) {
        lock.lock();
        try {
            if (!closed) {
                closedActions.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    @Override
    public void close() {
        List<Runnable> actions;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            actions = List.copyOf(closedActions);
            closedActions.clear();
        } finally {
            lock.unlock();
        }
        due = Long.MAX_VALUE;
        for (Runnable action : actions) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.warn("An action for a closed connection failed", e);
            }
        }
        requests.values().forEach(SseMessage::cancel);
        end.countDown();
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the connection is closed and nothing is being written to it. An interrupt closes it. */
    void awaitEnd() {
        boolean interrupted = false;
        try {
            end.await();
        } catch (InterruptedException e) {
            interrupted = true;
            close();
        }
        writing.lock();
        try {
            LOG.trace("A connection is closed, and nobody is writing to it");
        } finally {
            writing.unlock();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public long due() {
        return due;
    }

    @Override
    public void wake() {
        due = pulse.now() + options.heartbeat().toNanos();
        Thread.ofVirtual().name("mortise-heartbeat").start(this::beat);
    }

    /** Shows that the stream is alive. Where somebody is writing, that shows it, too. */
    private void beat() {
        if (!writing.tryLock()) {
            return;
        }
        try {
            if (!isClosed()) {
                writer.comment();
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("A client went away", e);
            close();
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void giveUp() {
        close();
    }
}
