package dev.mortise.security.access;

import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditTrail;
import dev.mortise.security.audit.AuditUnavailable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A trail in memory, which can be made to fail. */
public final class RecordedTrail implements AuditTrail {
    private final List<AuditEvent> events = new CopyOnWriteArrayList<>();
    private volatile boolean down;

    @Override
    public void record(AuditEvent event) {
        if (down) {
            throw new AuditUnavailable("down", null);
        }
        events.add(event);
    }

    public void goDown() {
        down = true;
    }

    public List<AuditEvent> events() {
        return events;
    }

    public AuditEvent last() {
        return events.get(events.size() - 1);
    }
}
