package dev.mortise.mcp.internal.resilience;

import dev.mortise.mcp.resilience.FailureListener;
import dev.mortise.mcp.resilience.ServiceEvent;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all listeners, whatever one of them throws. */
public record Events(List<FailureListener> listeners) implements FailureListener {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    public Events {
        listeners = List.copyOf(listeners);
    }

    @Override
    public void changed(ServiceEvent event) {
        for (FailureListener listener : listeners) {
            try {
                listener.changed(event);
            } catch (RuntimeException e) {
                LOG.warn("A listener failed on {}", event, e);
            }
        }
    }
}
