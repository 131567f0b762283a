package dev.mortise.security.access;

import dev.mortise.security.SecurityLevel;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditTrail;
import dev.mortise.security.audit.AuditUnavailable;
import dev.mortise.security.audit.WhenUnavailable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A trail in memory, which can be made to fail, and then refuses from MEDIUM on. */
public final class RecordedTrail implements AuditTrail {
    private final List<AuditEvent> events = new CopyOnWriteArrayList<>();
    private volatile boolean down;

    @Override
    public void record(AuditEvent event) {
        if (down && WhenUnavailable.refuseFrom(SecurityLevel.MEDIUM).refuses(event)) {
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
