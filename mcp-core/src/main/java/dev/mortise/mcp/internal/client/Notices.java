package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.client.ServerChange;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.schema.LoggingMessageNotificationParams;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** What a server says that is no answer: log messages, and changes, which first of all spoil what was kept. Thread-safe. */
public final class Notices {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private final ResponseCache cache;
    private final ToolShelf tools;
    private final Consumer<LoggingMessageNotificationParams> onLog;
    private final SerialQueue queue = new SerialQueue();
    private final List<Consumer<ServerChange>> listeners = new CopyOnWriteArrayList<>();

    Notices(ResponseCache cache, ToolShelf tools, Consumer<LoggingMessageNotificationParams> onLog) {
        this.cache = cache;
        this.tools = tools;
        this.onLog = onLog;
    }

    /** A notification that belongs to no request. */
    void accept(Message.Notification notification) {
        if (notification.method().equals("notifications/message")) {
            log(notification);
            return;
        }
        Optional<ServerChange> change = change(notification);
        change.ifPresent(this::changed);
        if (change.isEmpty()) {
            LOG.debug("A notification that this client has no use for");
        }
    }

    /** What a notification says has changed; empty if it is about something else. */
    static Optional<ServerChange> change(Message.Notification notification) {
        return switch (notification.method()) {
            case "notifications/tools/list_changed" -> Optional.of(new ServerChange.Tools());
            case "notifications/prompts/list_changed" -> Optional.of(new ServerChange.Prompts());
            case "notifications/resources/list_changed" -> Optional.of(new ServerChange.Resources());
            case "notifications/resources/updated" -> resource(notification.params());
            default -> Optional.empty();
        };
    }

    private static Optional<ServerChange> resource(@Nullable JsonNode params) {
        return params != null && params.path("uri").isString()
                ? Optional.of(new ServerChange.Resource(params.path("uri").stringValue()))
                : Optional.empty();
    }

    private void changed(ServerChange change) {
        forget(change);
        for (Consumer<ServerChange> listener : listeners) {
            queue.add(() -> listener.accept(change));
        }
    }

    /** Forgets what was kept of it. */
    void forget(ServerChange change) {
        switch (change) {
            case ServerChange.Tools all -> {
                cache.drop(key -> key.method().equals("tools/list"));
                tools.clear();
            }
            case ServerChange.Prompts all -> cache.drop(key -> key.method().equals("prompts/list"));
            case ServerChange.Resources all ->
                cache.drop(key ->
                        key.method().startsWith("resources/") && key.method().endsWith("/list"));
            case ServerChange.Resource one ->
                // What changed may be a part of what is kept, so a prefix counts as well.
                cache.drop(key -> key.method().equals("resources/read")
                        && one.uri().startsWith(key.params().path("uri").asString("")));
        }
    }

    private void log(Message.Notification notification) {
        if (notification.params() == null) {
            return;
        }
        try {
            LoggingMessageNotificationParams message =
                    Lenient.read(notification.method(), notification.params(), LoggingMessageNotificationParams.class);
            queue.add(() -> onLog.accept(message));
        } catch (ProtocolViolationException e) {
            LOG.debug("A log message that is none", e);
        }
    }

    /** @return stops telling it */
    Runnable listen(Consumer<ServerChange> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
