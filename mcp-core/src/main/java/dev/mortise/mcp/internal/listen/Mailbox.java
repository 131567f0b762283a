package dev.mortise.mcp.internal.listen;

import dev.mortise.mcp.schema.SubscriptionFilter;
import dev.mortise.mcp.server.ServerEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one listener is still to be told. The same change twice is told once, so it never holds more than the filter
 * names, however slow the listener is, and loses nothing. Thread-safe.
 */
final class Mailbox {
    /** Why a listener stops. */
    enum End {
        /** The listener went away. */
        GONE,
        /** The server ends the stream. */
        CLOSED
    }

    private final Set<String> uris;
    private final SubscriptionFilter filter;
    private final Map<String, Set<String>> topics;
    private final Set<ServerEvent> waiting = new LinkedHashSet<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable End end;

    /**
     * A mailbox for what was acknowledged.
     *
     * @param topics the keys that are wanted, by the names of their topics
     */
    Mailbox(SubscriptionFilter filter, Map<String, Set<String>> topics) {
        this.filter = filter;
        this.topics = Map.copyOf(topics);
        this.uris = Set.copyOf(filter.resourceSubscriptions());
    }

    void put(ServerEvent event) {
        List<ServerEvent> wanted = possible(event).stream().filter(this::wanted).toList();
        if (wanted.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            waiting.addAll(wanted);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void end(End reason) {
        lock.lock();
        try {
            if (end == null) {
                end = reason;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for something to tell.
     *
     * @param until when the listener's credential ends; {@code null}: never
     * @return the event; {@code null} once the end has come, and then see {@link #ended}
     */
    @Nullable
    ServerEvent take(@Nullable Instant until, Clock clock) {
        lock.lock();
        try {
            while (waiting.isEmpty() && end == null) {
                if (until == null) {
                    changed.awaitUninterruptibly();
                } else if (clock.instant().isBefore(until)) {
                    changed.await(1, TimeUnit.SECONDS);
                } else {
                    end = End.CLOSED;
                }
            }
            if (end != null) {
                return null;
            }
            ServerEvent next = waiting.iterator().next();
            waiting.remove(next);
            return next;
        } catch (InterruptedException e) {
            end = End.GONE;
            return null;
        } finally {
            lock.unlock();
        }
    }

    End ended() {
        lock.lock();
        try {
            return end == null ? End.GONE : end;
        } finally {
            lock.unlock();
        }
    }

    /** What has happened, or may have where it is not known. */
    private List<ServerEvent> possible(ServerEvent event) {
        if (!(event instanceof ServerEvent.Missed)) {
            return List.of(event);
        }
        List<ServerEvent> all = new ArrayList<>(List.of(
                new ServerEvent.ToolsChanged(), new ServerEvent.PromptsChanged(), new ServerEvent.ResourcesChanged()));
        uris.forEach(uri -> all.add(new ServerEvent.ResourceUpdated(uri)));
        topics.forEach((topic, keys) -> keys.forEach(key -> all.add(new ServerEvent.TopicChanged(topic, key))));
        return all;
    }

    private boolean wanted(ServerEvent event) {
        return switch (event) {
            case ServerEvent.ToolsChanged tools -> filter.toolsListChanged();
            case ServerEvent.PromptsChanged prompts -> filter.promptsListChanged();
            case ServerEvent.ResourcesChanged resources -> filter.resourcesListChanged();
            case ServerEvent.ResourceUpdated updated -> uris.contains(updated.uri());
            case ServerEvent.PageCompleted page -> false;
            case ServerEvent.Missed missed -> false;
            case ServerEvent.ForTenant addressed -> false;
            case ServerEvent.TopicChanged changed ->
                topics.getOrDefault(changed.topic(), Set.of()).contains(changed.key());
        };
    }
}
