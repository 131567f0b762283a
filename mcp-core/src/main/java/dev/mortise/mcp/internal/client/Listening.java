package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.CallCancelledException;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.CallTimeoutException;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.client.ServerChange;
import dev.mortise.mcp.client.Subscription;
import dev.mortise.mcp.internal.client.era.Session;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.schema.SubscriptionFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Listens to a server for as long as somebody wants to, on a thread of its own: opens the stream, hands on what it
 * brings, and opens it again when it ends.
 */
final class Listening implements Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** A stream that held this long was a good one: the next try comes soon again. */
    private static final Duration STEADY = Duration.ofSeconds(10);

    private final Settings settings;
    private final Sessions sessions;
    private final Calls calls;
    private final Notices notices;
    private final SubscriptionFilter wanted;
    private final Consumer<ServerChange> listener;
    private final CompletableFuture<SubscriptionFilter> first = new CompletableFuture<>();
    private final SerialQueue queue = new SerialQueue();
    private final Thread thread;
    private volatile SubscriptionFilter honoured;
    private volatile boolean live;
    private volatile boolean closed;

    private Listening(
            Settings settings,
            Sessions sessions,
            Calls calls,
            Notices notices,
            SubscriptionFilter wanted,
            Consumer<ServerChange> listener) {
        this.settings = settings;
        this.sessions = sessions;
        this.calls = calls;
        this.notices = notices;
        this.wanted = wanted;
        this.listener = listener;
        this.honoured = SubscriptionFilter.builder().build();
        this.thread = Thread.ofVirtual().name("mortise-client-listen").unstarted(this::run);
    }

    /**
     * Begins to listen, and returns once the server has agreed.
     *
     * @throws McpException if it does not
     */
    static Listening start(
            Settings settings,
            Sessions sessions,
            Calls calls,
            Notices notices,
            SubscriptionFilter wanted,
            Consumer<ServerChange> listener) {
        Listening listening = new Listening(settings, sessions, calls, notices, wanted, listener);
        listening.thread.start();
        try {
            listening.first.get(settings.maxTime().toMillis(), TimeUnit.MILLISECONDS);
            return listening;
        } catch (ExecutionException e) {
            listening.close();
            if (e.getCause() instanceof McpException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            listening.close();
            throw new CallTimeoutException("subscriptions/listen", settings.maxTime());
        } catch (InterruptedException e) {
            listening.close();
            Thread.currentThread().interrupt();
            throw new CallCancelledException("Interrupted while beginning to listen");
        }
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!closed && !sessions.isClosed()) {
            long begun = System.nanoTime();
            try {
                Session session = sessions.get();
                if (session.isModern()) {
                    listen(session);
                } else {
                    listenLegacy(session);
                }
            } catch (McpException e) {
                if (first.completeExceptionally(e) || isFinal(e)) {
                    return;
                }
                LOG.debug("Listening to {} broke off", settings.endpoint().label(), e);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("Listening failed", e);
                first.completeExceptionally(e);
                return;
            } finally {
                live = false;
            }
            if (System.nanoTime() - begun > STEADY.toNanos()) {
                pause = FIRST_PAUSE;
            }
            try {
                // Not all clients of a server that was restarted come back in the same moment.
                Thread.sleep(pause.multipliedBy(ThreadLocalRandom.current().nextInt(50, 151))
                        .dividedBy(100));
            } catch (InterruptedException e) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    /** The server does not want to be listened to, and will not change its mind. */
    private boolean isFinal(McpException e) {
        if (e instanceof RpcException error && error.code() == JsonRpcError.METHOD_NOT_FOUND) {
            LOG.warn("{} can no longer be listened to", settings.endpoint().label());
            return true;
        }
        return false;
    }

    private void listen(Session session) throws InterruptedException {
        ObjectNode params = Json.object();
        params.set("notifications", Json.tree(wanted));
        CompletableFuture<Boolean> acknowledged = new CompletableFuture<>();
        Pending stream = session.connection()
                .send(
                        "subscriptions/listen",
                        id -> session.era().params(params, settings.meta().get(), null, null),
                        session.era().headers("subscriptions/listen", params),
                        notification -> received(notification, acknowledged));
        try {
            awaitAcknowledgement(stream, acknowledged);
            stream.await();
            LOG.debug("The server ended the subscription");
        } finally {
            session.connection().cancel(stream, new CallCancelledException("Nobody listens any more"));
        }
    }

    private void awaitAcknowledgement(Pending stream, CompletableFuture<Boolean> acknowledged)
            throws InterruptedException {
        // Whatever comes first: the acknowledgement, the end of the stream, or the end of patience.
        Thread watcher = Thread.ofVirtual().name("mortise-client-listen-end").start(() -> {
            try {
                stream.await();
            } catch (InterruptedException | McpException e) {
                LOG.debug("A subscription ended", e);
            }
            acknowledged.complete(false);
        });
        try {
            acknowledged.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new CallTimeoutException("subscriptions/listen", settings.timeout());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            if (!acknowledged.isDone()) {
                watcher.interrupt();
            }
        }
    }

    private void received(Message.Notification notification, CompletableFuture<Boolean> acknowledged) {
        JsonNode params = notification.params();
        switch (notification.method()) {
            case "notifications/subscriptions/acknowledged" -> {
                if (!acknowledged.isDone() && params != null) {
                    agreed(Lenient.read(notification.method(), params.path("notifications"), SubscriptionFilter.class));
                    acknowledged.complete(true);
                }
            }
            case "notifications/cancelled" -> LOG.debug("The server tears the subscription down");
            default -> Notices.change(notification).ifPresent(this::changed);
        }
    }

    /** The stream is open. If it was open before, whatever it would have brought meanwhile was missed. */
    private void agreed(SubscriptionFilter filter) {
        honoured = filter;
        live = true;
        if (!first.complete(filter)) {
            missed(filter).forEach(this::changed);
        }
    }

    private static List<ServerChange> missed(SubscriptionFilter filter) {
        List<ServerChange> missed = new ArrayList<>();
        if (filter.toolsListChanged()) {
            missed.add(new ServerChange.Tools());
        }
        if (filter.promptsListChanged()) {
            missed.add(new ServerChange.Prompts());
        }
        if (filter.resourcesListChanged()) {
            missed.add(new ServerChange.Resources());
        }
        filter.resourceSubscriptions().forEach(uri -> missed.add(new ServerChange.Resource(uri)));
        return missed;
    }

    private void changed(ServerChange change) {
        notices.forget(change);
        tell(change);
    }

    private void tell(ServerChange change) {
        queue.add(() -> {
            if (!closed) {
                listener.accept(change);
            }
        });
    }

    /** Changes of lists come by themselves; single resources are subscribed to, once for each session. */
    private void listenLegacy(Session session) throws InterruptedException {
        Runnable forget = notices.listen(change -> {
            if (isWanted(change)) {
                tell(change);
            }
        });
        try {
            for (String uri : wanted.resourceSubscriptions()) {
                calls.call(
                        "resources/subscribe", Json.object().put("uri", uri), Calls.Extras.NONE, CallOptions.DEFAULT);
            }
            agreed(wanted);
            session.connection().awaitEnd();
        } finally {
            forget.run();
        }
    }

    private boolean isWanted(ServerChange change) {
        return switch (change) {
            case ServerChange.Tools all -> wanted.toolsListChanged();
            case ServerChange.Prompts all -> wanted.promptsListChanged();
            case ServerChange.Resources all -> wanted.resourcesListChanged();
            case ServerChange.Resource one ->
                wanted.resourceSubscriptions().stream().anyMatch(one.uri()::startsWith);
        };
    }

    @Override
    public SubscriptionFilter honoured() {
        return honoured;
    }

    @Override
    public boolean isLive() {
        return live;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        thread.interrupt();
        sessions.peek().filter(session -> !session.isModern()).ifPresent(session -> {
            for (String uri : wanted.resourceSubscriptions()) {
                unsubscribe(uri);
            }
        });
    }

    private void unsubscribe(String uri) {
        try {
            CallOptions soon = CallOptions.DEFAULT.timeout(Duration.ofSeconds(2));
            calls.call("resources/unsubscribe", Json.object().put("uri", uri), Calls.Extras.NONE, soon);
        } catch (McpException e) {
            LOG.debug("A subscription could not be taken back", e);
        }
    }
}
