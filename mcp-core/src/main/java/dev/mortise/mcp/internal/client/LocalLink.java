package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.transport.Channel;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.LocalProcess;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server in the same process. Messages go through their bytes all the same, so that both ends see what is sent. */
public final class LocalLink implements Link {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLink.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Consumer<Exchange> server;
    private final Inbox inbox;
    private final LocalChannel channel;
    private final Map<RequestId, Passage> open = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public LocalLink(Consumer<Exchange> server, Inbox inbox) {
        this.server = server;
        this.inbox = inbox;
        this.channel = new LocalChannel(inbox);
    }

    @Override
    public void send(Message.Request request, Map<String, String> headers) {
        Passage passage = new Passage(MessageCodec.encode(request), request.id());
        open.put(request.id(), passage);
        start(passage);
    }

    @Override
    public void send(Message.Notification notification) {
        deliver(MessageCodec.encode(notification));
    }

    @Override
    public void send(Message.Response response) {
        deliver(MessageCodec.encode(response));
    }

    /** Waits until the server has it, as every transport does that keeps messages in their order. */
    private void deliver(byte[] message) {
        try {
            start(new Passage(message, null)).join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread start(Passage passage) {
        if (closed) {
            throw new TransportException("The client was closed", null);
        }
        return Thread.ofVirtual().name("mortise-client-local").start(() -> {
            try {
                server.accept(passage);
            } catch (RuntimeException e) {
                LOG.warn("The server in this process failed", e);
            } finally {
                passage.end();
            }
        });
    }

    @Override
    public void cancel(RequestId request) {
        Passage passage = open.remove(request);
        if (passage != null) {
            passage.leave();
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
        for (RequestId id : open.keySet()) {
            cancel(id);
        }
        channel.close();
    }

    /** One message on its way through the server. */
    private final class Passage implements Exchange {
        private final byte[] message;
        private final @Nullable RequestId id;
        private final ReentrantLock lock = new ReentrantLock();
        private final List<Runnable> whenGone = new ArrayList<>();
        private boolean over;
        private boolean gone;

        private Passage(byte[] message, @Nullable RequestId id) {
            this.message = message;
            this.id = id;
        }

        @Override
        public Origin origin() {
            return new LocalProcess();
        }

        @Override
        public Optional<byte[]> receive() {
            return Optional.of(message);
        }

        @Override
        public Optional<Channel> channel() {
            return Optional.of(channel);
        }

        @Override
        public void send(Message.Request request) throws IOException {
            channel.send(request);
        }

        @Override
        public void offer(Message.Notification notification) {
            deliver(notification);
        }

        @Override
        public void deliver(Message.Notification notification) {
            if (isUnderWay()) {
                inbox.received(MessageCodec.encode(notification), id);
            }
        }

        @Override
        public void reply(Reply reply) {
            if (finish() && reply.message() != null) {
                inbox.received(MessageCodec.encode(reply.message()), id);
            }
        }

        @Override
        public void onGone(Runnable action) {
            lock.lock();
            try {
                if (!gone) {
                    whenGone.add(action);
                    return;
                }
            } finally {
                lock.unlock();
            }
            action.run();
        }

        private boolean isUnderWay() {
            lock.lock();
            try {
                return !over && !gone;
            } finally {
                lock.unlock();
            }
        }

        private boolean finish() {
            lock.lock();
            try {
                if (over || gone) {
                    return false;
                }
                over = true;
                return true;
            } finally {
                lock.unlock();
                forget();
            }
        }

        private void leave() {
            List<Runnable> actions;
            lock.lock();
            try {
                if (over || gone) {
                    return;
                }
                gone = true;
                actions = List.copyOf(whenGone);
            } finally {
                lock.unlock();
            }
            // The one who cancels does not wait for what the server does about it.
            Thread.ofVirtual().start(() -> actions.forEach(Runnable::run));
        }

        private void end() {
            if (finish() && id != null) {
                inbox.failed(id, new TransportException("The server in this process did not answer", null));
            }
        }

        private void forget() {
            if (id != null) {
                open.remove(id, this);
            }
        }
    }
}
