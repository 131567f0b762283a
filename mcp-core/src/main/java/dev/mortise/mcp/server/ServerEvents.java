package dev.mortise.mcp.server;

import dev.mortise.mcp.internal.text.Digest;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes, published once and fanned out to everyone who listens. The {@linkplain #local() ready one} reaches this
 * process; one that spans replicas publishes to the others too. Thread-safe.
 */
public interface ServerEvents {
    /** Tells all subscribers. Returns soon: subscribers only take note. */
    void publish(ServerEvent event);

    /** Calls the subscriber for each event from now on, until the subscription is closed. */
    Subscription subscribe(Consumer<ServerEvent> subscriber);

    default void toolsChanged() {
        publish(new ServerEvent.ToolsChanged());
    }

    default void promptsChanged() {
        publish(new ServerEvent.PromptsChanged());
    }

    default void resourcesChanged() {
        publish(new ServerEvent.ResourcesChanged());
    }

    default void resourceUpdated(String uri) {
        publish(new ServerEvent.ResourceUpdated(uri));
    }

    /**
     * The user is done at the page of a {@link dev.mortise.mcp.call.Question#url}. Clients of revision 2025-11-25 that
     * were sent there are told ({@code notifications/elicitation/complete}), whichever replica has asked; later revisions
     * have no such notification, and their clients call again by themselves. A page that nobody was sent to is ignored.
     *
     * @param page the address exactly as the question had it: it has to be another one for each user
     */
    default void pageCompleted(URI page) {
        publish(new ServerEvent.PageCompleted(Digest.of(page.toString())));
    }

    /** A subscription that can be ended. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** Events within this process. */
    static ServerEvents local() {
        // Keyed by subscription: the same consumer may subscribe twice, and each subscription ends by itself.
        Map<Object, Consumer<ServerEvent>> subscribers = new ConcurrentHashMap<>();
        Logger log = LoggerFactory.getLogger(ServerEvents.class);
        return new ServerEvents() {
            @Override
            public void publish(ServerEvent event) {
                for (Consumer<ServerEvent> subscriber : subscribers.values()) {
                    try {
                        subscriber.accept(event);
                    } catch (RuntimeException e) {
                        log.warn("A subscriber failed on {}", event, e);
                    }
                }
            }

            @Override
            public Subscription subscribe(Consumer<ServerEvent> subscriber) {
                Object key = new Object();
                subscribers.put(key, subscriber);
                return () -> subscribers.remove(key);
            }
        };
    }
}
