package dev.mortise.security.access;

import dev.mortise.mcp.call.Target;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request that somebody decides on, and the decision: of one call, for level CRITICAL, or of a step-up, for level
 * HIGH. Immutable.
 *
 * @param identity who asks, as {@link dev.mortise.mcp.call.Caller#identity()}
 * @param digest SHA-256 of the method and its arguments as canonical JSON, in hexadecimal: a decision is for these and no
 *     others. For a step-up: the kind and the name only
 * @param pin digest of the tool's definition as it was
 * @param arguments as JSON, for whoever decides: as confidential as they are
 * @param expiresAt by when it has to be decided, and once approved, used
 * @param by who decided; {@code null} while nobody has
 * @param call the logical call that used it; {@code null} while none has
 */
public record Approval(
        String id,
        Purpose purpose,
        String identity,
        String subject,
        @Nullable String tenant,
        Target.Kind kind,
        String name,
        String digest,
        String pin,
        String arguments,
        Status status,
        Instant createdAt,
        Instant expiresAt,
        @Nullable String by,
        @Nullable Instant decidedAt,
        @Nullable String call,
        int round) {
    /** What is asked for. */
    public enum Purpose {
        CALL,
        STEP_UP
    }

    /** How far it is. */
    public enum Status {
        PENDING,
        APPROVED,
        DENIED,
        /** Approved, and used up. */
        USED,
        /** Taken back after it was approved and before it was used. */
        REVOKED
    }

    /**
     * To show to somebody: what is invisible in its texts, or changes the order of others, stands there as its number.
     * It is not to be stored, nor compared with what runs.
     */
    public Approval shown() {
        return new Approval(
                id,
                purpose,
                identity,
                VisibleText.of(subject),
                tenant,
                kind,
                VisibleText.of(name),
                digest,
                pin,
                VisibleText.of(arguments),
                status,
                createdAt,
                expiresAt,
                by,
                decidedAt,
                call,
                round);
    }

    /** Whether it waits for a decision, or for its use. */
    public boolean isOpen(Instant now) {
        return (status == Status.PENDING || status == Status.APPROVED) && now.isBefore(expiresAt);
    }

    /** Whether one decision is enough for both. */
    public boolean asksTheSameAs(Approval other) {
        return purpose == other.purpose
                && identity.equals(other.identity)
                && digest.equals(other.digest)
                && pin.equals(other.pin);
    }

    public Approval decided(Status newStatus, String newBy, Instant at) {
        return new Approval(
                id, purpose, identity, subject, tenant, kind, name, digest, pin, arguments, newStatus, createdAt,
                expiresAt, newBy, at, call, round);
    }

    Approval withArguments(String newArguments) {
        return new Approval(
                id,
                purpose,
                identity,
                subject,
                tenant,
                kind,
                name,
                digest,
                pin,
                newArguments,
                status,
                createdAt,
                expiresAt,
                by,
                decidedAt,
                call,
                round);
    }

    public Approval used(String newCall, int newRound) {
        return new Approval(
                id,
                purpose,
                identity,
                subject,
                tenant,
                kind,
                name,
                digest,
                pin,
                "",
                Status.USED,
                createdAt,
                expiresAt,
                by,
                decidedAt,
                newCall,
                newRound);
    }

    /** Approved again, because the call that used it was not begun. */
    public Approval unused() {
        return new Approval(
                id,
                purpose,
                identity,
                subject,
                tenant,
                kind,
                name,
                digest,
                pin,
                arguments,
                Status.APPROVED,
                createdAt,
                expiresAt,
                by,
                decidedAt,
                null,
                0);
    }
}
