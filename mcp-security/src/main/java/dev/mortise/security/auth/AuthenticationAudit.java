package dev.mortise.security.auth;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.security.Credential;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditEvent.Kind;
import dev.mortise.security.audit.AuditEvent.Outcome;
import dev.mortise.security.audit.AuditTrail;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Both outcomes of authentication as audit events. */
record AuthenticationAudit(AuditTrail trail, Clock clock) {
    boolean isOff() {
        return trail.equals(AuditTrail.NONE);
    }

    void admitted(HttpHead head, ProtectedResource resource, Caller caller, Credential credential) {
        trail.record(new AuditEvent(
                clock.instant(),
                Kind.AUTHENTICATION,
                Outcome.ALLOWED,
                caller.subject(),
                caller.tenant().orElse(null),
                credential.id(),
                null,
                resource.uri().toString(),
                null,
                null,
                null,
                traceId(head),
                Map.of(
                        "address",
                        head.remoteAddress(),
                        "kind",
                        credential.kind().name())));
    }

    void refused(HttpHead head, ProtectedResource resource, Outcome outcome, String reason, String credentialId) {
        if (isOff()) {
            return;
        }
        trail.record(new AuditEvent(
                clock.instant(),
                Kind.AUTHENTICATION,
                outcome,
                null,
                null,
                credentialId.isEmpty() ? null : credentialId,
                null,
                resource.uri().toString(),
                null,
                reason,
                null,
                traceId(head),
                Map.of("address", head.remoteAddress())));
    }

    private static @Nullable String traceId(HttpHead head) {
        return AuditEvent.traceId(head.header("traceparent").orElse(""));
    }
}
