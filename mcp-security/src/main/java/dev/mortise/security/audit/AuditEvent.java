package dev.mortise.security.audit;

import dev.mortise.security.SecurityLevel;
import java.time.Instant;
import java.util.Map;
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

    public AuditEvent {
        details = Map.copyOf(details);
    }

    /** The trace id in a {@code traceparent} (W3C trace context); {@code null} if that is none, as clients may send. */
    public static @Nullable String traceId(String traceparent) {
        return traceparent.length() == 55
                        && areDigits(traceparent, 0, 2)
                        && traceparent.charAt(2) == '-'
                        && areDigits(traceparent, 3, 35)
                        && traceparent.charAt(35) == '-'
                        && areDigits(traceparent, 36, 52)
                        && traceparent.charAt(52) == '-'
                        && areDigits(traceparent, 53, 55)
                ? traceparent.substring(3, 35)
                : null;
    }

    private static boolean areDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }
}
