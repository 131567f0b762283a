package dev.mortise.mcp.call;

import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.schema.ClientCapabilities;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Why a call was not carried out. What the client gets to see of it (code, HTTP status, fields) is decided by the
 * era that the call came in, in one place. Every text in here is shown to the peer.
 */
public sealed interface Refusal {

    /**
     * No acceptable credential: HTTP 401.
     *
     * @param challenges values for {@code WWW-Authenticate} (RFC 9110 section 11.6.1)
     * @param headers further fields, such as {@code DPoP-Nonce} (RFC 9449 section 9)
     */
    record Unauthenticated(String message, List<String> challenges, Map<String, String> headers) implements Refusal {
        public Unauthenticated {
            challenges = List.copyOf(challenges);
            headers = Map.copyOf(headers);
        }

        public Unauthenticated(String message, List<String> challenges) {
            this(message, challenges, Map.of());
        }
    }

    /**
     * The caller lacks scopes: HTTP 403.
     *
     * @param scopes all scopes that the operation needs
     * @param challenge value for {@code WWW-Authenticate} (RFC 6750 section 3.1), or {@code null}
     */
    record MissingScope(Set<String> scopes, @Nullable String challenge) implements Refusal {
        public MissingScope {
            scopes = Set.copyOf(scopes);
        }
    }

    /** Somebody has to approve this call first: HTTP 403. */
    record ApprovalRequired(String message) implements Refusal {}

    /** Too many requests: HTTP 429. {@code headers} are further fields, such as {@code RateLimit}. */
    record RateLimited(Duration retryAfter, Map<String, String> headers) implements Refusal {
        public RateLimited {
            headers = Map.copyOf(headers);
        }
    }

    /** What was paid for is used up: HTTP 402. {@code data} says which meter and when it resets. */
    record QuotaExceeded(String message, @Nullable JsonNode data) implements Refusal {}

    /** This server has more work than it can do, or is shutting down: HTTP 503. */
    record Overloaded(Duration retryAfter) implements Refusal {}

    /** Something this call needs is down: HTTP 503. {@code dependency} is a public name, never an address. */
    record DependencyUnavailable(String dependency, Duration retryAfter) implements Refusal {}

    /**
     * It took too long and was given up: HTTP 504. It may have been done all the same.
     *
     * @param after how long it was waited for
     */
    record TimedOut(Duration after) implements Refusal {}

    /** No such tool, resource or prompt, or none that this caller may know of. */
    record NotFound(Target.Kind kind, String name) implements Refusal {}

    /** The params do not fit the method. */
    record InvalidParams(String message, @Nullable JsonNode data) implements Refusal {
        public static InvalidParams of(String message) {
            return new InvalidParams(message, null);
        }
    }

    /**
     * The message lacks what every message of its revision has to carry: HTTP 400.
     *
     * @param headers further fields, such as the {@code WWW-Authenticate} of a malformed {@code Authorization}
     */
    record Malformed(String message, Map<String, String> headers) implements Refusal {
        public Malformed {
            headers = Map.copyOf(headers);
        }

        public Malformed(String message) {
            this(message, Map.of());
        }
    }

    /** HTTP headers and body disagree: HTTP 400 (Streamable HTTP: Server Validation). */
    record HeaderMismatch(String message) implements Refusal {}

    record MethodNotFound(String method) implements Refusal {}

    record UnsupportedVersion(String requested, List<String> supported) implements Refusal {
        public UnsupportedVersion {
            supported = List.copyOf(supported);
        }
    }

    /** The call needs capabilities that the client did not declare on it: HTTP 400. */
    record MissingCapability(ClientCapabilities required) implements Refusal {}

    /**
     * The user has to open pages first, and the request has to be sent again after that. Handlers ask with
     * {@link Question#url} instead; this is what becomes of such a question where a client of revision 2025-11-25
     * cannot be sent requests just now (elicitation: URL Elicitation Required Error).
     */
    record UrlElicitationRequired(List<Question<?>> pages) implements Refusal {
        public UrlElicitationRequired {
            pages = List.copyOf(pages);
        }
    }

    /** The request state is not one that this server gave to this caller for this very call, or it is too old. */
    record InvalidState() implements Refusal {}

    /** Cancelled: by the client, and then nobody is listening for the answer, or by this server: HTTP 503. */
    record Cancelled() implements Refusal {}

    /** The call failed earlier, with this error: who asks for its end, as of a task, gets it once more, as it was told. */
    record Earlier(JsonRpcError error) implements Refusal {}

    /** Something broke. {@code reference} is also in the log, and is all that the peer learns. */
    record Internal(String reference) implements Refusal {}

    /**
     * Any other reason.
     *
     * @param code outside −32768…−32000, which JSON-RPC keeps for itself (basic: Error Codes)
     * @param status the HTTP status, 200 to 599
     */
    record Custom(int code, String message, @Nullable JsonNode data, int status) implements Refusal {
        public Custom {
            if (code >= -32768 && code <= -32000) {
                throw new IllegalArgumentException(
                        "An application's error code lies outside -32768..-32000, but this one is " + code);
            }
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException("No HTTP status: " + status);
            }
        }
    }
}
