package dev.mortise.mcp.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

    /** A subscription that can be ended. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** Events within this process. */
    static ServerEvents local() {
        List<Consumer<ServerEvent>> subscribers = new CopyOnWriteArrayList<>();
        Logger log = LoggerFactory.getLogger(ServerEvents.class);
        return new ServerEvents() {
            @Override
            public void publish(ServerEvent event) {
                for (Consumer<ServerEvent> subscriber : subscribers) {
                    try {
                        subscriber.accept(event);
                    } catch (RuntimeException e) {
                        log.warn("A subscriber failed on {}", event, e);
                    }
                }
            }

            @Override
            public Subscription subscribe(Consumer<ServerEvent> subscriber) {
                // Wrapped, so that the same consumer may subscribe twice and each subscription ends by itself.
                Consumer<ServerEvent> own = subscriber::accept;
                subscribers.add(own);
                return () -> subscribers.remove(own);
            }
        };
    }
}
