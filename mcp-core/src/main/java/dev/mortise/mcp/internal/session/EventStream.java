package dev.mortise.mcp.internal.session;

import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Reply;
import dev.mortise.mcp.transport.StreamEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way back of what came in one POST. Nothing of it is kept until something has to be said before the reply, or the
 * reply takes long: then it opens, and everything goes into the event log first, from where connections are served,
 * one at a time, each from where it wants to go on. So no connection is missed when it breaks, and none is waited for.
 */
final class EventStream {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private final String id;
    private final EventLog log;
    private final StreamRules rules;
    private final boolean polled;
    private final boolean mayOpen;
    private final boolean batch;
    private final boolean elsewhere;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Reply> unsaid = new ArrayList<>(1);
    private int awaited;
    private boolean open;
    private boolean over;
    private boolean hangingUp;
    private long last;
    private @Nullable Exchange reader;

    private EventStream(
            String id,
            EventLog log,
            StreamRules rules,
            boolean polled,
            boolean mayOpen,
            int replies,
            boolean batch,
            boolean elsewhere) {
        this.id = id;
        this.log = log;
        this.rules = rules;
        this.polled = polled;
        this.mayOpen = mayOpen;
        this.awaited = replies;
        this.batch = batch;
        this.elsewhere = elsewhere;
    }

    /**
     * The way back of a POST that came here.
     *
     * @param polled whether the revision lets the server close connections in between
     * @param mayOpen whether the client takes streams of events
     * @param replies how many requests there are to answer
     */
    static EventStream of(
            String id, EventLog log, StreamRules rules, boolean polled, boolean mayOpen, int replies, boolean batch) {
        return new EventStream(id, log, rules, polled, mayOpen, replies, batch, false);
    }

    /** The way back of a POST that came to another replica, or is long over: what the log has of it. */
    static EventStream elsewhere(String id, EventLog log, StreamRules rules) {
        EventStream stream = new EventStream(id, log, rules, false, true, 0, false, true);
        stream.open = true;
        stream.over = !log.isShared();
        return stream;
    }

    String id() {
        return id;
    }

    boolean isElsewhere() {
        return elsewhere;
    }

    boolean mayOpen() {
        return mayOpen;
    }

    boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    /** Says something before the reply. Dropped once all is said. */
    void say(Message message) {
        lock.lock();
        try {
            if (!over && mayOpen) {
                open();
                append(message);
            }
        } finally {
            lock.unlock();
        }
    }

    /** One of the requests is answered; without a message, one of them never will be. */
    void answer(Reply reply) {
        lock.lock();
        try {
            if (over) {
                return;
            }
            awaited--;
            if (!open) {
                unsaid.add(reply);
            } else if (reply.message() != null) {
                append(reply.message());
            }
            if (awaited <= 0) {
                end();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will be said, whatever is still awaited. */
    void close() {
        lock.lock();
        try {
            if (!over) {
                end();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of the connection; the client comes back for the rest. */
    void hangUp() {
        lock.lock();
        try {
            if (polled && mayOpen && !over) {
                open();
                hangingUp = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        over = true;
        if (open && !elsewhere) {
            last = log.end(id);
        }
        changed.signalAll();
    }

    private void open() {
        if (open) {
            return;
        }
        open = true;
        if (polled) {
            last = log.mark(id);
        }
        for (Reply reply : unsaid) {
            if (reply.message() != null) {
                append(reply.message());
            }
        }
        unsaid.clear();
        changed.signalAll();
    }

    private void append(Message message) {
        last = log.message(id, encoded(message));
        changed.signalAll();
    }

    private static byte[] encoded(Message message) {
        try {
            return MessageCodec.encode(message);
        } catch (RuntimeException e) {
            LOG.error("A message cannot be written as JSON", e);
            RequestId to = switch (message) {
                case Message.Result result -> result.id();
                case Message.Failure failure -> failure.id();
                case Message.Request request -> null;
                case Message.Notification notification -> null;
            };
            return MessageCodec.encode(
                    new Message.Failure(to, JsonRpcError.of(JsonRpcError.INTERNAL_ERROR, "Internal error")));
        }
    }

    /** Serves the connection that the POST came on; returns when there is no more to do with it. */
    void serve(Exchange post) throws IOException {
        take(post);
        if (awaitOpening(post)) {
            follow(post, 0);
        }
    }

    /** Serves another connection from a position on; the one before it, if it is still there, is let go. */
    void resume(Exchange get, long after) throws IOException {
        take(get);
        follow(get, after);
    }

    private void take(Exchange exchange) {
        lock.lock();
        try {
            reader = exchange;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        exchange.onGone(() -> leave(exchange));
    }

    private void leave(Exchange exchange) {
        lock.lock();
        try {
            if (exchange.equals(reader)) {
                reader = null;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is a stream to follow; false where there is none, and the reply was written as a whole. */
    private boolean awaitOpening(Exchange post) {
        List<Reply> replies;
        lock.lock();
        try {
            long left = rules.silence().toNanos();
            while (!open && !over && post.equals(reader)) {
                if (!mayOpen) {
                    changed.awaitUninterruptibly();
                } else if (left <= 0) {
                    open();
                } else {
                    left = changed.awaitNanos(left);
                }
            }
            if (open) {
                return true;
            }
            replies = List.copyOf(unsaid);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            replies = List.of();
        } finally {
            lock.unlock();
        }
        replyWhole(post, replies);
        return false;
    }

    private void replyWhole(Exchange post, List<Reply> replies) {
        List<Message.Response> responses = new ArrayList<>();
        for (Reply reply : replies) {
            if (reply.message() != null) {
                responses.add(reply.message());
            }
        }
        if (responses.isEmpty()) {
            post.reply(Reply.accepted());
        } else if (batch) {
            post.replyAll(responses);
        } else {
            post.reply(replies.get(0));
        }
    }

    private void follow(Exchange exchange, long from) throws IOException {
        long after = from;
        if (!polled || from > 0) {
            exchange.deliver(StreamEvent.SIGN_OF_LIFE);
        }
        long seen;
        do {
            seen = last();
            for (List<EventLog.Logged> news = log.read(id, after); !news.isEmpty(); news = log.read(id, after)) {
                for (EventLog.Logged event : news) {
                    after = event.position();
                    if (event.kind() == EventLog.Kind.END) {
                        exchange.reply(Reply.silence());
                        return;
                    }
                    exchange.deliver(rules.event(new EventId(id, after), event));
                }
            }
        } while (awaitMore(exchange, seen));
        exchange.reply(Reply.silence());
    }

    /** Waits for something to read; false if this connection has no more to do with the stream. */
    private boolean awaitMore(Exchange exchange, long seen) throws IOException {
        boolean letGo;
        lock.lock();
        try {
            while (true) {
                if (!exchange.equals(reader)) {
                    return false;
                }
                if (elsewhere && !over) {
                    changed.awaitNanos(rules.poll().toNanos());
                    return exchange.equals(reader);
                }
                if (last > seen) {
                    return true;
                }
                if (over) {
                    return false;
                }
                if (hangingUp) {
                    hangingUp = false;
                    letGo = true;
                    break;
                }
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
        if (letGo) {
            exchange.deliver(rules.comeBack());
        }
        return false;
    }

    private long last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }
}
