package dev.mortise.security.audit;

import dev.mortise.security.SecurityLevel;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that has to be provable afterwards. It never holds a credential, nor arguments as they came: those who make
 * one leave them out, digest or redact them. Immutable.
 *
 * @param at when it happened, in UTC
 * @param subject who did it, as {@link dev.mortise.mcp.call.Caller#subject()}; {@code null} while nobody knows
 * @param tenant {@code null} where there is none
 * @param credential the id of what the caller was admitted with; {@code null} if there was nothing
 * @param method the JSON-RPC method, or the HTTP method and path of an administrative request; {@code null} before one
 *     is known
 * @param target what it was about: a tool's name, a resource's URI, a key's or approval's id
 * @param level of the target, where it has one
 * @param reason a short constant that says why, such as {@code expired} or {@code missing-scope}
 * @param requestId the JSON-RPC id as text
 * @param traceId of W3C trace context, 32 hexadecimal digits
 * @param details more, by name; small
 */
public record AuditEvent(
        Instant at,
        Kind kind,
        Outcome outcome,
        @Nullable String subject,
        @Nullable String tenant,
        @Nullable String credential,
        @Nullable String method,
        @Nullable String target,
        @Nullable SecurityLevel level,
        @Nullable String reason,
        @Nullable String requestId,
        @Nullable String traceId,
        Map<String, String> details) {
    /** What sort of event it is. */
    public enum Kind {
        AUTHENTICATION,
        DECISION,
        LIMIT,
        GRANT,
        APPROVAL,
        KEY,
        USER,
        ADMINISTRATION,
        /** The log about itself: streams that begin and end, erasure, pruning. Made by {@link AuditLog} alone. */
        LOG
    }

    /** How it ended. */
    public enum Outcome {
        ALLOWED,
        CHALLENGED,
        DENIED,
        FAILED
    }

    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");

    public AuditEvent {
        details = Map.copyOf(details);
    }

    /** The trace id in a {@code traceparent} (W3C trace context); {@code null} if that is none, as clients may send. */
    public static @Nullable String traceId(String traceparent) {
        Matcher matcher = TRACEPARENT.matcher(traceparent);
        return matcher.matches() ? matcher.group(1) : null;
    }
}
