package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.call.ClientFeature;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.MissingRequiredClientCapabilityData;
import dev.mortise.mcp.schema.UnsupportedProtocolVersionData;
import dev.mortise.mcp.transport.Reply;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * How each refusal looks to a modern client: code, text, data, HTTP status, header fields. Of these only the text of what
 * people and models are meant to read is in the server's words. Reasons that the
 * specification has no code for use the number of their HTTP status, which lies outside JSON-RPC's range.
 */
final class ModernRefusals {
    private static final Logger LOG = LoggerFactory.getLogger(ModernRefusals.class);
    private static final int LONGEST_ECHO = 128;

    private final Wording wording;

    ModernRefusals(Wording wording) {
        this.wording = wording;
    }

    Wording wording() {
        return wording;
    }

    /** One text; of a host's own words that break, the English one. */
    String say(Function<Wording, String> what) {
        try {
            return what.apply(wording);
        } catch (RuntimeException e) {
            LOG.error("The wording of refusals failed", e);
            return what.apply(Wording.english());
        }
    }

    Reply reply(@Nullable RequestId id, Refusal refusal) {
        try {
            return reply(id, refusal, wording);
        } catch (RuntimeException e) {
            // A host's own words may break; that must not keep anybody waiting for an answer.
            LOG.error("The wording of refusals failed on {}", refusal.getClass().getSimpleName(), e);
            return reply(id, refusal, Wording.english());
        }
    }

    private static Reply reply(@Nullable RequestId id, Refusal refusal, Wording words) {
        return switch (refusal) {
            case Refusal.Unauthenticated r ->
                error(id, 401, words.unauthenticated(r.message()), null, 401, challenge(r));
            case Refusal.MissingScope r -> {
                List<String> scopes = r.scopes().stream().sorted().toList();
                yield error(
                        id,
                        403,
                        words.missingScope(scopes),
                        Json.object().putPOJO("scopes", scopes),
                        403,
                        header("WWW-Authenticate", r.challenge()));
            }
            case Refusal.ApprovalRequired r -> error(id, 403, r.message(), null, 403, Map.of());
            case Refusal.RateLimited r ->
                error(
                        id,
                        429,
                        words.rateLimited(seconds(r.retryAfter())),
                        retry(r.retryAfter()),
                        429,
                        retryHeader(r.retryAfter(), r.headers()));
            case Refusal.QuotaExceeded r -> error(id, 402, r.message(), r.data(), 402, Map.of());
            case Refusal.Overloaded r -> unavailable(id, words.overloaded(), r.retryAfter());
            case Refusal.DependencyUnavailable r -> unavailable(id, words.unavailable(r.dependency()), r.retryAfter());
            case Refusal.TimedOut r ->
                error(
                        id,
                        504,
                        words.timedOut(r.after()),
                        Json.object().put("timeoutMs", r.after().toMillis()),
                        504,
                        Map.of());
            case Refusal.NotFound r -> notFound(id, r, words);
            case Refusal.InvalidParams r ->
                error(id, JsonRpcError.INVALID_PARAMS, r.message(), r.data(), 200, Map.of());
            case Refusal.Malformed r -> error(id, JsonRpcError.INVALID_PARAMS, r.message(), null, 400, r.headers());
            case Refusal.HeaderMismatch r ->
                error(id, JsonRpcError.HEADER_MISMATCH, "Header mismatch: " + r.message(), null, 400, Map.of());
            case Refusal.MethodNotFound r ->
                error(
                        id,
                        JsonRpcError.METHOD_NOT_FOUND,
                        "Method not found: " + shortened(r.method()),
                        null,
                        404,
                        Map.of());
            case Refusal.UnsupportedVersion r ->
                error(
                        id,
                        JsonRpcError.UNSUPPORTED_PROTOCOL_VERSION,
                        "Unsupported protocol version",
                        Json.tree(new UnsupportedProtocolVersionData(r.supported(), shortened(r.requested()))),
                        400,
                        Map.of());
            case Refusal.MissingCapability r -> missing(id, r.required(), words);
            case Refusal.UrlElicitationRequired r ->
                missing(id, ClientFeature.capabilities(EnumSet.of(ClientFeature.URL)), words);
            case Refusal.InvalidState r ->
                error(id, JsonRpcError.INVALID_PARAMS, words.invalidState(), null, 200, Map.of());
            // A client that has cancelled is gone and gets nothing; to the others the server owes an answer.
            case Refusal.Cancelled r -> unavailable(id, words.ended(), Duration.ofSeconds(1));
            case Refusal.Earlier r -> new Reply(new Message.Failure(id, r.error()), 200, Map.of());
            case Refusal.Internal r ->
                error(
                        id,
                        JsonRpcError.INTERNAL_ERROR,
                        words.internalError(),
                        Json.object().put("reference", r.reference()),
                        200,
                        Map.of());
            case Refusal.Custom r -> error(id, r.code(), r.message(), r.data(), r.status(), Map.of());
        };
    }

    /** Many clients show only the message, so it names what is missing, too. */
    private static Reply missing(@Nullable RequestId id, ClientCapabilities required, Wording words) {
        JsonNode data = Json.tree(new MissingRequiredClientCapabilityData(required));
        List<String> names = List.copyOf(data.path("requiredCapabilities").propertyNames());
        return error(
                id,
                JsonRpcError.MISSING_REQUIRED_CLIENT_CAPABILITY,
                words.missingCapability(names),
                data,
                400,
                Map.of());
    }

    private static Reply notFound(@Nullable RequestId id, Refusal.NotFound refusal, Wording words) {
        return switch (refusal.kind()) {
            case TOOL -> unknown(id, words.unknownTool(shortened(refusal.name())), null);
            case PROMPT -> unknown(id, words.unknownPrompt(shortened(refusal.name())), null);
            case RESOURCE -> unknown(id, words.unknownResource(), Json.object().put("uri", refusal.name()));
            case RESOURCE_TEMPLATE ->
                unknown(id, words.unknownResourceTemplate(), Json.object().put("uri", shortened(refusal.name())));
            case NONE -> unknown(id, words.notFound(), null);
        };
    }

    /** Tools, prompts and resources that do not exist are params that do not fit (resources: Error Handling). */
    private static Reply unknown(@Nullable RequestId id, String message, @Nullable JsonNode data) {
        return error(id, JsonRpcError.INVALID_PARAMS, message, data, 200, Map.of());
    }

    private static String shortened(String name) {
        return Excerpt.of(name, LONGEST_ECHO);
    }

    private static Reply unavailable(@Nullable RequestId id, String message, Duration retryAfter) {
        return error(id, 503, message, retry(retryAfter), 503, retryHeader(retryAfter, Map.of()));
    }

    private static JsonNode retry(Duration after) {
        return Json.object().put("retryAfterMs", after.toMillis());
    }

    private static Map<String, String> retryHeader(Duration after, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>(more);
        headers.put("Retry-After", Long.toString(seconds(after)));
        return headers;
    }

    private static Map<String, String> challenge(Refusal.Unauthenticated refusal) {
        Map<String, String> headers = new LinkedHashMap<>(refusal.headers());
        headers.putAll(header("WWW-Authenticate", String.join(", ", refusal.challenges())));
        return headers;
    }

    /** Whole seconds, rounded up (RFC 9110 section 10.2.3). */
    private static long seconds(Duration after) {
        return Math.ceilDiv(after.toMillis(), 1000L);
    }

    private static Map<String, String> header(String name, @Nullable String value) {
        return value == null || value.isEmpty() ? Map.of() : Map.of(name, value);
    }

    private static Reply error(
            @Nullable RequestId id,
            int code,
            String message,
            @Nullable JsonNode data,
            int status,
            Map<String, String> headers) {
        return new Reply(new Message.Failure(id, new JsonRpcError(code, message, data)), status, headers);
    }
}
