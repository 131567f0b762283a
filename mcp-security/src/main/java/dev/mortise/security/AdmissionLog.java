package dev.mortise.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditEvent.Outcome;
import dev.mortise.security.audit.AuditTrail;
import dev.mortise.security.audit.AuditUnavailable;
import dev.mortise.security.auth.ProtectedResource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authentication as the audit log hears of it where no {@link dev.mortise.security.auth.BearerAuthenticator} tells it: both
 * outcomes of a host's own authenticator, and what is found out of those whom any of them admits. Thread-safe.
 */
final class AdmissionLog {
    private static final Logger LOG = LoggerFactory.getLogger(AdmissionLog.class);
    private static final Duration ADMISSIONS_EVERY = Duration.ofMinutes(5);
    private static final int REMEMBERED = 10_000;

    private final AuditTrail trail;
    private final Clock clock;
    private final @Nullable ProtectedResource endpoint;
    /** When somebody's admission was last taken down. */
    private final Cache<Admitted, Instant> admissions = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .executor(Runnable::run)
            .build();

    private record Admitted(@Nullable String credential, String caller) {}

    /** @param endpoint the one that callers are at who do not say it themselves; {@code null} if nobody knows */
    AdmissionLog(AuditTrail trail, @Nullable ProtectedResource endpoint, Clock clock) {
        this.trail = trail;
        this.endpoint = endpoint;
        this.clock = clock;
    }

    /**
     * Once for each credential and five minutes: what a caller then does is taken down by itself.
     *
     * @throws AuditUnavailable if the trail does not let anybody in without
     */
    void admitted(Origin origin, Caller caller, @Nullable Credential credential) {
        if (trail.equals(AuditTrail.NONE)) {
            return;
        }
        Admitted key = new Admitted(credential == null ? null : credential.id(), caller.identity());
        Instant now = clock.instant();
        Instant last = admissions.getIfPresent(key);
        if (last == null || !now.isBefore(last.plus(ADMISSIONS_EVERY))) {
            trail.record(event(origin, Outcome.ALLOWED, caller, credential, null));
            admissions.put(key, now);
        }
    }

    /** Somebody who was admitted is refused all the same. */
    void refused(Origin origin, Caller caller, @Nullable Credential credential, String reason) {
        record(event(origin, Outcome.DENIED, caller, credential, reason));
    }

    /** A host's own authenticator refuses; of what it was shown, nothing is known here. */
    void rejected(Origin origin, Refusal refusal) {
        switch (refusal) {
            case Refusal.Unauthenticated unauthenticated -> {
                boolean shown = origin instanceof HttpHead head
                        && !head.headers("Authorization").isEmpty();
                record(event(origin, shown ? Outcome.DENIED : Outcome.CHALLENGED, null, null, "unauthenticated"));
            }
            case Refusal.RateLimited limited -> {
                // Addresses that are refused are not taken down, wherever they are counted: a flood would fill the log.
            }
            case Refusal.DependencyUnavailable down -> failed(origin);
            case Refusal.Overloaded overloaded -> failed(origin);
            default ->
                record(event(
                        origin, Outcome.DENIED, null, null, refusal.getClass().getSimpleName()));
        }
    }

    /** Who calls could not be found out. */
    void failed(Origin origin) {
        record(event(origin, Outcome.FAILED, null, null, "unavailable"));
    }

    /** It is refused whether this can be taken down or not. */
    private void record(AuditEvent event) {
        try {
            trail.record(event);
        } catch (AuditUnavailable e) {
            LOG.error("A refused authentication was not taken down: {}, because of {}", event.reason(), e.toString());
        }
    }

    private AuditEvent event(
            Origin origin,
            Outcome outcome,
            @Nullable Caller caller,
            @Nullable Credential credential,
            @Nullable String reason) {
        HttpHead head = origin instanceof HttpHead http ? http : null;
        Map<String, String> details = new HashMap<>();
        if (head != null) {
            details.put("address", head.remoteAddress());
        }
        if (credential != null) {
            details.put("kind", credential.kind().name());
        }
        return new AuditEvent(
                clock.instant(),
                AuditEvent.Kind.AUTHENTICATION,
                outcome,
                caller == null ? null : caller.subject(),
                caller == null ? null : caller.tenant().orElse(null),
                credential == null ? null : credential.id(),
                null,
                target(head, caller),
                null,
                reason,
                null,
                head == null
                        ? null
                        : AuditEvent.traceId(head.header("traceparent").orElse("")),
                details);
    }

    private @Nullable String target(@Nullable HttpHead head, @Nullable Caller caller) {
        ProtectedResource at = caller == null
                ? endpoint
                : caller.get(ProtectedResource.ATTRIBUTE).orElse(endpoint);
        if (at != null) {
            return at.uri().toString();
        }
        return head == null ? null : head.uri().toString();
    }
}
