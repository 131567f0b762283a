package dev.mortise.mcp.resilience;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers the events. */
final class Seen implements FailureListener {
    final List<ServiceEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void changed(ServiceEvent event) {
        events.add(event);
    }
}
