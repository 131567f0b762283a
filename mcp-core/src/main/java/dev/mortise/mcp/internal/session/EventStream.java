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
import java.util.function.BooleanSupplier;
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
    private final BooleanSupplier lives;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Reply> unsaid = new ArrayList<>(1);
    private final List<Said> said = new ArrayList<>(1);
    private int awaited;
    private boolean open;
    private boolean over;
    private boolean hangingUp;
    private boolean endLogged;
    private long last;
    private @Nullable Exchange reader;

    /** A response of this stream, kept for whoever reads when the log fails, or has left it out already. */
    private record Said(long position, Message.Response response) {
        /** What the log never took. */
        static final long NOWHERE = Long.MAX_VALUE;
    }

    private enum Next {
        READ,
        /** All is said; what was not read will not be in the log. */
        OVER,
        /** Another connection serves the stream now, or none. */
        LEFT
    }

    private EventStream(
            String id,
            EventLog log,
            StreamRules rules,
            boolean polled,
            boolean mayOpen,
            int replies,
            boolean batch,
            boolean elsewhere,
            BooleanSupplier lives) {
        this.id = id;
        this.log = log;
        this.rules = rules;
        this.polled = polled;
        this.mayOpen = mayOpen;
        this.awaited = replies;
        this.batch = batch;
        this.elsewhere = elsewhere;
        this.lives = lives;
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
        return new EventStream(id, log, rules, polled, mayOpen, replies, batch, false, () -> true);
    }

    /**
     * The way back of a POST that came to another replica, or is long over: what the log has of it.
     *
     * @param lives asked at each look for news, whether the stream may go on
     */
    static EventStream elsewhere(String id, EventLog log, StreamRules rules, BooleanSupplier lives) {
        EventStream stream = new EventStream(id, log, rules, false, true, 0, false, true, lives);
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

    /**
     * One of the requests is answered; without a message, one of them never will be. Never fails: what the log does not
     * take is kept for the connection that is there.
     */
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
                keep(reply.message(), awaited <= 0);
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
        try {
            if (open && !elsewhere && !endLogged) {
                last = log.end(id);
            }
        } catch (RuntimeException e) {
            LOG.warn("The end of a stream could not be kept", e);
        } finally {
            changed.signalAll();
        }
    }

    private void open() {
        if (open) {
            return;
        }
        if (polled) {
            last = log.mark(id);
        }
        open = true;
        for (Reply reply : unsaid) {
            if (reply.message() != null) {
                keep(reply.message(), false);
            }
        }
        unsaid.clear();
        changed.signalAll();
    }

    private void keep(Message.Response response, boolean isLast) {
        long position = Said.NOWHERE;
        try {
            byte[] json = encoded(response);
            position = isLast ? log.last(id, json) : log.message(id, json);
            last = position;
            endLogged |= isLast;
        } catch (RuntimeException e) {
            LOG.warn("A response could not be kept; only the connection that is there will get it", e);
        }
        said.add(new Said(position, response));
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

    /** Serves another connection, which has {@linkplain #take taken} the stream, from a position on. */
    void resume(Exchange get, long after) throws IOException {
        follow(get, after);
    }

    boolean isRead() {
        lock.lock();
        try {
            return reader != null;
        } finally {
            lock.unlock();
        }
    }

    /** Makes this the reader; the connection before it, if it is still there, is let go. */
    void take(Exchange exchange) {
        lock.lock();
        try {
            reader = exchange;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        exchange.onGone(() -> leave(exchange));
    }

    void leave(Exchange exchange) {
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
                    left = openForSilence() ? 0 : rules.silence().toNanos();
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

    /** Without a log there is nothing to resume, but there may still be a reply. */
    private boolean openForSilence() {
        try {
            open();
            return true;
        } catch (RuntimeException e) {
            LOG.warn("A stream could not be opened; its reply comes as a whole", e);
            return false;
        }
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
        while (true) {
            if (elsewhere && !lives.getAsBoolean()) {
                exchange.reply(Reply.silence());
                return;
            }
            long seen = last();
            List<EventLog.Logged> news = read(after);
            for (EventLog.Logged event : news) {
                after = event.position();
                if (event.kind() != EventLog.Kind.END) {
                    exchange.deliver(rules.event(new EventId(id, after), event));
                }
                if (event.kind().isEnd()) {
                    exchange.reply(Reply.silence());
                    return;
                }
            }
            if (!news.isEmpty()) {
                continue;
            }
            switch (awaitMore(exchange, seen)) {
                case READ -> {}
                case OVER -> {
                    for (Message.Response missing : missing(after)) {
                        exchange.deliver(new StreamEvent(null, null, encoded(missing)));
                    }
                    exchange.reply(Reply.silence());
                    return;
                }
                case LEFT -> {
                    exchange.reply(Reply.silence());
                    return;
                }
            }
        }
    }

    /** What the log has behind a position; if it fails and all is said, what is in memory has to do. */
    private List<EventLog.Logged> read(long after) {
        try {
            return log.read(id, after);
        } catch (RuntimeException e) {
            if (missing(after).isEmpty()) {
                throw e;
            }
            LOG.warn("A stream could not be read; its end is told from memory", e);
            return List.of();
        }
    }

    /** The responses that a reader has not seen, once all is said. */
    private List<Message.Response> missing(long after) {
        lock.lock();
        try {
            return over
                    ? said.stream()
                            .filter(one -> one.position() > after)
                            .map(Said::response)
                            .toList()
                    : List.of();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something to read. */
    private Next awaitMore(Exchange exchange, long seen) throws IOException {
        lock.lock();
        try {
            while (true) {
                if (!exchange.equals(reader)) {
                    return Next.LEFT;
                }
                if (elsewhere && !over) {
                    changed.awaitNanos(rules.poll().toNanos());
                    return exchange.equals(reader) ? Next.READ : Next.LEFT;
                }
                if (last > seen) {
                    return Next.READ;
                }
                if (over) {
                    return Next.OVER;
                }
                if (hangingUp) {
                    hangingUp = false;
                    break;
                }
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Next.LEFT;
        } finally {
            lock.unlock();
        }
        exchange.deliver(rules.comeBack());
        return Next.LEFT;
    }

    long last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }
}
