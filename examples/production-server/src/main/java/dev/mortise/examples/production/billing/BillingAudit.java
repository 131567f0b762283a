package dev.mortise.examples.production.billing;

import dev.mortise.billing.admin.AdministrationAudit;
import dev.mortise.mcp.call.Caller;
import dev.mortise.security.Credential;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditTrail;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What administrators do with money stands in the same log as everything else. */
final class BillingAudit implements AdministrationAudit {
    private final AuditTrail trail;
    private final Clock clock;

    BillingAudit(AuditTrail trail, Clock clock) {
        this.trail = trail;
        this.clock = clock;
    }

    @Override
    public void record(Event event) {
        Map<String, String> details = new HashMap<>();
        if (event.command() != null) {
            details.put("command", event.command());
        }
        AuditEvent.Outcome outcome = switch (event.outcome()) {
            case BEGUN, DONE -> AuditEvent.Outcome.ALLOWED;
            case FAILED -> AuditEvent.Outcome.FAILED;
            case DENIED -> AuditEvent.Outcome.DENIED;
        };
        String reason = switch (event.outcome()) {
            case BEGUN -> "begun";
            case DONE -> "done";
            case FAILED -> "failed";
            case DENIED -> "missing-scope";
        };
        take(event.at(), outcome, event.administrator(), null, null, event.action(), event.target(), reason, details);
    }

    /** Of a tool, before it is done: if it cannot be taken down, it is not done. */
    void record(Caller administrator, String tool, String target, String what) {
        take(
                clock.instant(),
                AuditEvent.Outcome.ALLOWED,
                administrator.subject(),
                administrator.tenant().orElse(null),
                administrator.get(Credential.ATTRIBUTE).map(Credential::id).orElse(null),
                tool,
                target,
                "begun",
                Map.of("what", what));
    }

    private void take(
            Instant at,
            AuditEvent.Outcome outcome,
            String subject,
            @Nullable String tenant,
            @Nullable String credential,
            String method,
            @Nullable String target,
            String reason,
            Map<String, String> details) {
        trail.record(new AuditEvent(
                at,
                AuditEvent.Kind.ADMINISTRATION,
                outcome,
                subject,
                tenant,
                credential,
                method,
                target,
                null,
                reason,
                null,
                null,
                details));
    }
}
