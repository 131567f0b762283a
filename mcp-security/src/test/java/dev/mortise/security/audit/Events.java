package dev.mortise.security.audit;

import dev.mortise.security.SecurityLevel;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events and keys to test with. */
final class Events {
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private Events() {}

    static AuditEvent event(String subject, @Nullable String tenant, String target) {
        return at(NOON, subject, tenant, target, SecurityLevel.MEDIUM);
    }

    static AuditEvent at(
            Instant at, String subject, @Nullable String tenant, String target, @Nullable SecurityLevel level) {
        return new AuditEvent(
                at,
                AuditEvent.Kind.DECISION,
                AuditEvent.Outcome.ALLOWED,
                subject,
                tenant,
                "key-1",
                "tools/call",
                target,
                level,
                "granted",
                "42",
                "0af7651916cd43dd8448eb211c80319c",
                Map.of("arguments", "sha256:00:11"));
    }

    static AuditEvent withoutLevel(AuditEvent.Kind kind) {
        return new AuditEvent(
                NOON,
                kind,
                AuditEvent.Outcome.ALLOWED,
                "alice",
                null,
                null,
                null,
                null,
                null,
                "listed",
                null,
                null,
                Map.of());
    }

    static AuditEvent denied(Instant at, SecurityLevel level) {
        return new AuditEvent(
                at,
                AuditEvent.Kind.DECISION,
                AuditEvent.Outcome.DENIED,
                "alice",
                null,
                null,
                null,
                "secret",
                level,
                "other-tenant",
                null,
                null,
                Map.of());
    }

    static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
