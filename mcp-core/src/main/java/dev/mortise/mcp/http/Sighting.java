package dev.mortise.mcp.http;

import dev.mortise.mcp.transport.HttpHead;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request as the observer sees it, who cannot break it. Used by one thread. */
final class Sighting {
    private static final Logger LOG = LoggerFactory.getLogger(HttpObserver.class);

    private final @Nullable HttpObserver observer;
    private final Pulse pulse;
    private final HttpHead head;
    private final String route;
    private final long began;
    private boolean ended;

    private Sighting(@Nullable HttpObserver observer, Pulse pulse, HttpHead head, String route) {
        this.observer = observer;
        this.pulse = pulse;
        this.head = head;
        this.route = route;
        this.began = pulse.now();
    }

    static Sighting begin(@Nullable HttpObserver observer, Pulse pulse, HttpHead head, String route) {
        Sighting sighting = new Sighting(observer, pulse, head, route);
        if (observer != null) {
            try {
                observer.began(head);
            } catch (RuntimeException e) {
                LOG.warn("An observer of HTTP requests failed", e);
            }
        }
        return sighting;
    }

    /** The response is written as far as it ever will be. Only the first time counts. */
    void end(HttpWriter writer) {
        if (observer == null || ended) {
            return;
        }
        ended = true;
        try {
            observer.ended(
                    head, new HttpObserver.Ended(route, writer.status(), writer.isStreaming(), pulse.now() - began));
        } catch (RuntimeException e) {
            LOG.warn("An observer of HTTP requests failed", e);
        }
    }
}
