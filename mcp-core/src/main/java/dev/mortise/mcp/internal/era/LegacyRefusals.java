package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.ClientFeature;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.transport.Reply;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * How each refusal looks to a legacy client, where that differs from what a modern one sees: most errors come with
 * status 200, because the clients read only the status of any other, and 404 means that the session is lost.
 */
final class LegacyRefusals {
    /** 2024-11-05 to 2025-11-25, resources: Error Handling. */
    private static final int RESOURCE_NOT_FOUND = -32002;

    /** 2025-11-25, elicitation: URL Elicitation Required Error. */
    private static final int URL_ELICITATION_REQUIRED = -32042;

    private LegacyRefusals() {}

    static Reply reply(@Nullable RequestId id, Refusal refusal, ProtocolVersion version) {
        return switch (refusal) {
            // The transport's own business, for HTTP clients to act on.
            case Refusal.Unauthenticated r -> ModernRefusals.reply(id, r);
            case Refusal.MissingScope r -> ModernRefusals.reply(id, r);
            case Refusal.RateLimited r -> ModernRefusals.reply(id, r);
            case Refusal.Overloaded r -> ModernRefusals.reply(id, r);
            case Refusal.Malformed r -> ModernRefusals.reply(id, r);
            case Refusal.UnsupportedVersion r ->
                error(
                        id,
                        JsonRpcError.INVALID_REQUEST,
                        "Unsupported protocol version; this server speaks " + String.join(", ", r.supported()),
                        null,
                        400);
            case Refusal.NotFound r ->
                r.kind() == Target.Kind.RESOURCE
                        ? error(
                                id,
                                RESOURCE_NOT_FOUND,
                                "Resource not found",
                                Json.object().put("uri", r.name()),
                                200)
                        : ok(ModernRefusals.reply(id, r));
            case Refusal.MissingCapability r ->
                version.supportsTasks() && r.required().supportsExtension(LegacyTasks.EXTENSION)
                        ? error(
                                id,
                                JsonRpcError.METHOD_NOT_FOUND,
                                "This tool can be called as a task only: add the member task to the params",
                                null,
                                200)
                        : missing(id, Json.tree(r.required()));
            case Refusal.UrlElicitationRequired r ->
                pages(
                        id,
                        r.pages().stream()
                                .map(page -> LegacyQuestion.of(page, version))
                                .toList(),
                        version);
            case Refusal.Cancelled r -> ok(ModernRefusals.reply(id, r));
            case Refusal.ApprovalRequired r -> ok(ModernRefusals.reply(id, r));
            case Refusal.QuotaExceeded r -> ok(ModernRefusals.reply(id, r));
            case Refusal.DependencyUnavailable r -> ok(ModernRefusals.reply(id, r));
            case Refusal.TimedOut r -> ok(ModernRefusals.reply(id, r));
            case Refusal.InvalidParams r -> ok(ModernRefusals.reply(id, r));
            case Refusal.HeaderMismatch r -> ok(ModernRefusals.reply(id, r));
            case Refusal.MethodNotFound r -> ok(ModernRefusals.reply(id, r));
            case Refusal.InvalidState r -> ok(ModernRefusals.reply(id, r));
            case Refusal.Earlier r -> ok(ModernRefusals.reply(id, r));
            case Refusal.Internal r -> ok(ModernRefusals.reply(id, r));
            case Refusal.Custom r -> ok(ModernRefusals.reply(id, r));
        };
    }

    /** The session is not known, any more or to this caller: the client begins another (transports: Sessions). */
    static Reply lost(@Nullable RequestId id) {
        return error(id, 404, "There is no such session; begin a new one with initialize", null, 404);
    }

    /** The head of the request is not what it should be. */
    static Reply badRequest(@Nullable RequestId id, String why) {
        return error(id, JsonRpcError.INVALID_REQUEST, why, null, 400);
    }

    private static Reply missing(@Nullable RequestId id, JsonNode required) {
        return error(
                id,
                JsonRpcError.INVALID_REQUEST,
                "This call needs a capability that the client did not declare, or cannot use here: "
                        + String.join(", ", required.propertyNames()),
                Json.object().set("requiredCapabilities", required),
                200);
    }

    /** The pages that have to be opened, as questions: whoever remembers them can say when the user is done there. */
    static Reply pages(@Nullable RequestId id, List<LegacyQuestion> pages, ProtocolVersion version) {
        if (!version.supportsUrlElicitation()) {
            return missing(id, Json.tree(ClientFeature.capabilities(EnumSet.of(ClientFeature.URL))));
        }
        ArrayNode elicitations = Json.mapper().createArrayNode();
        pages.forEach(page -> elicitations.add(page.request().params()));
        return error(
                id,
                URL_ELICITATION_REQUIRED,
                "The user has to open a page first",
                Json.object().set("elicitations", elicitations),
                200);
    }

    private static Reply ok(Reply reply) {
        return new Reply(reply.message(), 200, Map.of());
    }

    private static Reply error(@Nullable RequestId id, int code, String message, @Nullable JsonNode data, int status) {
        return Reply.of(new Message.Failure(id, new JsonRpcError(code, message, data)), status);
    }
}
