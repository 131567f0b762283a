package dev.mortise.security.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.security.Credential;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditEvent.Kind;
import dev.mortise.security.audit.AuditEvent.Outcome;
import dev.mortise.security.audit.AuditTrail;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Both outcomes of authentication as audit events. Thread-safe. */
final class AuthenticationAudit {
    private static final int REMEMBERED = 10_000;

    private final AuditTrail trail;
    private final Clock clock;
    private final Duration admissionsEvery;
    /** When a credential's admission was last taken down. */
    private final Cache<Admitted, Instant> admissions = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .executor(Runnable::run)
            .build();

    private record Admitted(Credential.Kind kind, String credential, String caller) {}

    AuthenticationAudit(AuditTrail trail, Clock clock, Duration admissionsEvery) {
        this.trail = trail;
        this.clock = clock;
        this.admissionsEvery = admissionsEvery;
    }

    boolean isOff() {
        return trail.equals(AuditTrail.NONE);
    }

    /** Once for each credential and interval: what a caller then does is taken down by itself. */
    void admitted(HttpHead head, ProtectedResource resource, Caller caller, Credential credential) {
        if (isOff()) {
            return;
        }
        Admitted key = new Admitted(credential.kind(), credential.id(), caller.identity());
        Instant now = clock.instant();
        Instant last = admissions.getIfPresent(key);
        if (last == null || !now.isBefore(last.plus(admissionsEvery))) {
            record(head, resource, caller, credential);
            admissions.put(key, now);
        }
    }

    private void record(HttpHead head, ProtectedResource resource, Caller caller, Credential credential) {
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
