package dev.mortise.examples.production.console;

import dev.mortise.mcp.call.Caller;
import dev.mortise.security.Credential;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditTrail;
import java.time.Clock;
import java.util.Map;

/** Takes down who signed in at a page, before they are let in. */
record SignIns(AuditTrail audit, Clock clock) {
    /** @param where method and path */
    void record(Caller caller, String where) {
        audit.record(new AuditEvent(
                clock.instant(),
                AuditEvent.Kind.ADMINISTRATION,
                AuditEvent.Outcome.ALLOWED,
                caller.subject(),
                caller.tenant().orElse(null),
                caller.get(Credential.ATTRIBUTE).map(Credential::id).orElse(null),
                where,
                null,
                null,
                "signed in",
                null,
                null,
                Map.of()));
    }
}
