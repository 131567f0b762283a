package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.ClientFeature;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.call.Wording;
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

    private final ModernRefusals modern;

    LegacyRefusals(ModernRefusals modern) {
        this.modern = modern;
    }

    Reply reply(@Nullable RequestId id, Refusal refusal, ProtocolVersion version) {
        return switch (refusal) {
            // The transport's own business, for HTTP clients to act on.
            case Refusal.Unauthenticated r -> modern.reply(id, r);
            case Refusal.MissingScope r -> modern.reply(id, r);
            case Refusal.RateLimited r -> modern.reply(id, r);
            case Refusal.Overloaded r -> modern.reply(id, r);
            case Refusal.Malformed r -> modern.reply(id, r);
            case Refusal.UnsupportedVersion r ->
                error(
                        id,
                        JsonRpcError.INVALID_REQUEST,
                        "Unsupported protocol version; this server speaks " + String.join(", ", r.supported()),
                        null,
                        400);
            case Refusal.NotFound r ->
                r.kind() == Target.Kind.RESOURCE
                        ? recoded(ok(modern.reply(id, r)), RESOURCE_NOT_FOUND)
                        : ok(modern.reply(id, r));
            case Refusal.MissingCapability r ->
                version.supportsTasks() && r.required().supportsExtension(LegacyTasks.EXTENSION)
                        ? error(
                                id,
                                JsonRpcError.METHOD_NOT_FOUND,
                                "This tool can be called as a task only: add the member task to the params",
                                null,
                                200)
                        : missing(id, r);
            case Refusal.UrlElicitationRequired r ->
                pages(
                        id,
                        r.pages().stream()
                                .map(page -> LegacyQuestion.of(page, version))
                                .toList(),
                        version);
            case Refusal.Cancelled r -> ok(modern.reply(id, r));
            case Refusal.ApprovalRequired r -> ok(modern.reply(id, r));
            case Refusal.QuotaExceeded r -> ok(modern.reply(id, r));
            case Refusal.DependencyUnavailable r -> ok(modern.reply(id, r));
            case Refusal.TimedOut r -> ok(modern.reply(id, r));
            case Refusal.InvalidParams r -> ok(modern.reply(id, r));
            case Refusal.HeaderMismatch r -> ok(modern.reply(id, r));
            case Refusal.MethodNotFound r -> ok(modern.reply(id, r));
            case Refusal.InvalidState r -> ok(modern.reply(id, r));
            case Refusal.Earlier r -> ok(modern.reply(id, r));
            case Refusal.Internal r -> ok(modern.reply(id, r));
            case Refusal.Custom r -> ok(modern.reply(id, r));
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

    private Reply missing(@Nullable RequestId id, Refusal.MissingCapability refusal) {
        return recoded(ok(modern.reply(id, refusal)), JsonRpcError.INVALID_REQUEST);
    }

    /** The pages that have to be opened, as questions: whoever remembers them can say when the user is done there. */
    Reply pages(@Nullable RequestId id, List<LegacyQuestion> pages, ProtocolVersion version) {
        if (!version.supportsUrlElicitation()) {
            return missing(
                    id, new Refusal.MissingCapability(ClientFeature.capabilities(EnumSet.of(ClientFeature.URL))));
        }
        ArrayNode elicitations = Json.mapper().createArrayNode();
        pages.forEach(page -> elicitations.add(page.request().params()));
        return error(
                id,
                URL_ELICITATION_REQUIRED,
                modern.say(Wording::pageToOpenFirst),
                Json.object().set("elicitations", elicitations),
                200);
    }

    /** The same, under the number that legacy revisions have for it. */
    private static Reply recoded(Reply reply, int code) {
        if (!(reply.message() instanceof Message.Failure failure)) {
            throw new IllegalStateException("A refusal is a failure");
        }
        JsonRpcError error = failure.error();
        return new Reply(
                new Message.Failure(failure.id(), new JsonRpcError(code, error.message(), error.data())),
                reply.status(),
                reply.headers());
    }

    private static Reply ok(Reply reply) {
        return new Reply(reply.message(), 200, Map.of());
    }

    private static Reply error(@Nullable RequestId id, int code, String message, @Nullable JsonNode data, int status) {
        return Reply.of(new Message.Failure(id, new JsonRpcError(code, message, data)), status);
    }
}
