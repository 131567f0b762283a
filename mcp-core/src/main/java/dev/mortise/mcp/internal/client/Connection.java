package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.MetaKeys;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The client's end of a {@link Link}: gives requests their ids, brings answers and notifications to whoever waits for
 * them, and lets nothing that a server sends do harm. Thread-safe.
 */
public final class Connection implements Inbox, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private static final String PROGRESS = "notifications/progress";
    private static final String CANCELLED = "notifications/cancelled";

    private final Map<RequestId, Pending> pending = new ConcurrentHashMap<>();
    private final AtomicLong ids;
    private final Link link;
    private final Consumer<Message.Notification> notifications;
    private final @Nullable ServerRequests questions;
    private final Patience patience;
    private final AtomicReference<@Nullable McpException> lost = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * @param ids gives the ids; shared by all connections of a client, so that a late answer finds nobody
     * @param link makes the link, which must not begin to deliver before it is returned
     * @param notifications told of all that belongs to no request; must not block
     * @param questions answers the server's own requests; {@code null} where it must not have any
     * @param patience told while a person is busy over a request
     */
    public Connection(
            AtomicLong ids,
            Function<Inbox, Link> link,
            Consumer<Message.Notification> notifications,
            @Nullable ServerRequests questions,
            Patience patience) {
        this.ids = ids;
        this.patience = patience;
        this.notifications = notifications;
        this.questions = questions;
        this.link = link.apply(this);
    }

    public Link link() {
        return link;
    }

    public boolean isOpen() {
        return lost.get() == null && link.isOpen();
    }

    /** Waits until the connection is lost or closed. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** What a request says depends on its id: it may be the token for its progress. */
    public interface Params {
        ObjectNode with(RequestId id);
    }

    /**
     * Sends a request.
     *
     * @param listener told of what belongs to this request, one after the other
     */
    public Pending send(
            String method, Params params, Map<String, String> headers, Consumer<Message.Notification> listener) {
        RequestId id = RequestId.of(ids.incrementAndGet());
        Pending waiting = new Pending(id, method, listener);
        pending.put(id, waiting);
        McpException gone = lost.get();
        if (gone != null) {
            pending.remove(id);
            waiting.failUnsent(new TransportException("The connection is closed: " + gone.getMessage(), gone));
            return waiting;
        }
        try {
            link.send(new Message.Request(id, method, params.with(id)), headers);
        } catch (McpException e) {
            failed(id, e);
        } catch (RuntimeException e) {
            pending.remove(id);
            throw e;
        }
        return waiting;
    }

    public void send(Message.Notification notification) {
        link.send(notification);
    }

    /** Nobody waits any more. */
    public void cancel(Pending waiting, McpException why) {
        if (pending.remove(waiting.id()) != null) {
            waiting.fail(why);
            link.cancel(waiting.id());
        }
    }

    @Override
    public void received(byte[] message, @Nullable RequestId stream) {
        received(MessageCodec.decode(message), stream);
    }

    private void received(MessageCodec.Decoded decoded, @Nullable RequestId stream) {
        switch (decoded) {
            case MessageCodec.Decoded.Ok(Message.Result result) -> answered(result.id(), stream, result.result());
            case MessageCodec.Decoded.Ok(Message.Failure failure) -> refused(failure, stream);
            case MessageCodec.Decoded.Ok(Message.Notification notification) -> notified(notification, stream);
            case MessageCodec.Decoded.Ok(Message.Request request) -> asked(request);
            // Servers of 2025-03-26 may answer with several messages at once.
            case MessageCodec.Decoded.Batch batch -> batch.messages().forEach(message -> received(message, stream));
            case MessageCodec.Decoded.Malformed malformed ->
                malformed(malformed.id(), malformed.error().message(), stream);
        }
    }

    private void answered(RequestId id, @Nullable RequestId stream, JsonNode result) {
        Pending waiting = take(id, stream);
        if (waiting != null) {
            waiting.complete(result);
        }
    }

    private void refused(Message.Failure failure, @Nullable RequestId stream) {
        // An error without an id is about the one request that its stream belongs to.
        RequestId id = failure.id() == null ? stream : failure.id();
        Pending waiting = id == null ? null : take(id, stream);
        if (waiting != null) {
            waiting.fail(new RpcException(waiting.method(), failure.error()));
        } else if (id == null) {
            LOG.warn(
                    "The server reports an error without saying about what: {}",
                    excerpt(failure.error().message()));
        }
    }

    /** Legacy servers may answer on another stream, after a reconnect; the rest is for nobody. */
    private @Nullable Pending take(RequestId id, @Nullable RequestId stream) {
        boolean foreign = questions == null && stream != null && !stream.equals(id);
        Pending waiting = foreign ? null : pending.remove(id);
        if (waiting == null) {
            LOG.debug("Ignoring an answer that nobody waits for: {}", excerpt(id.toString()));
        }
        return waiting;
    }

    private void malformed(@Nullable RequestId id, String why, @Nullable RequestId stream) {
        RequestId about = id == null ? stream : id;
        Pending waiting = about == null ? null : pending.remove(about);
        if (waiting == null) {
            LOG.warn("The server sent what is no message: {}", excerpt(why));
        } else {
            waiting.fail(new ProtocolViolationException(
                    waiting.method() + " was answered with what is no message: " + excerpt(why)));
        }
    }

    private void notified(Message.Notification notification, @Nullable RequestId stream) {
        Pending addressee = addressee(notification, stream);
        if (addressee != null) {
            addressee.notice(notification);
        } else if (notification.method().equals(CANCELLED) && questions != null) {
            id(notification, "requestId", false).ifPresent(questions::cancel);
        } else if (!notification.method().equals(PROGRESS)) {
            notifications.accept(notification);
        }
    }

    private @Nullable Pending addressee(Message.Notification notification, @Nullable RequestId stream) {
        return switch (notification.method()) {
            case PROGRESS ->
                id(notification, "progressToken", false).map(pending::get).orElse(null);
            case "notifications/message" -> null;
            case CANCELLED ->
                questions == null
                        ? id(notification, "requestId", false).map(pending::get).orElse(null)
                        : null;
            default -> {
                RequestId subscription =
                        id(notification, MetaKeys.SUBSCRIPTION_ID, true).orElse(questions == null ? stream : null);
                yield subscription == null ? null : pending.get(subscription);
            }
        };
    }

    private static Optional<RequestId> id(Message.Notification notification, String key, boolean inMeta) {
        JsonNode params = notification.params();
        if (params == null) {
            return Optional.empty();
        }
        JsonNode value = inMeta ? params.path("_meta").path(key) : params.path(key);
        return RequestId.from(value);
    }

    private void asked(Message.Request request) {
        if (questions == null) {
            LOG.warn("The server sent a request, which this revision forbids: {}", excerpt(request.method()));
            return;
        }
        questions.answer(request, this::link);
    }

    @Override
    public void failed(RequestId request, McpException why) {
        Pending waiting = pending.remove(request);
        if (waiting != null) {
            waiting.fail(why);
        }
    }

    @Override
    public boolean isSettled(RequestId request) {
        return !pending.containsKey(request);
    }

    @Override
    public void hold(RequestId request) {
        patience.hold();
        Pending waiting = pending.get(request);
        if (waiting != null) {
            waiting.hold();
        }
    }

    @Override
    public void release(RequestId request) {
        patience.release();
        Pending waiting = pending.get(request);
        if (waiting != null) {
            waiting.release();
        }
    }

    @Override
    public void lost(McpException why) {
        lost.compareAndSet(null, why);
        for (RequestId id : pending.keySet()) {
            failed(id, why);
        }
        if (questions != null) {
            questions.cancelAll();
        }
        ended.countDown();
    }

    @Override
    public void over(McpException why) {
        lost.compareAndSet(null, why);
        ended.countDown();
    }

    /** Whether nobody waits for anything. */
    boolean isIdle() {
        return pending.isEmpty();
    }

    /**
     * Ends the link; but not the requests that are under way in a session that the server has forgotten: each of them gets
     * an answer of its own, and what that says matters to whoever sent it.
     *
     * @return whether everything has ended
     */
    boolean retire() {
        if (link.isForgotten() && !isIdle()) {
            return false;
        }
        close();
        return true;
    }

    /** Ends the link; what is still waiting fails. */
    @Override
    public void close() {
        lost(new TransportException("The client was closed", null));
        link.close();
    }

    private static String excerpt(String text) {
        return Excerpt.of(text, 200);
    }
}
