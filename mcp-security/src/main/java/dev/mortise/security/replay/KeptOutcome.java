package dev.mortise.security.replay;

import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.ExtensionResult;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.Result;
import java.util.Optional;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How the first call ended, as text that every store can hold (ASCII), and back. */
sealed interface KeptOutcome {
    /** On a result that was not made for this call but for the first with its key. */
    String REPLAYED = "dev.mortise/replayed";

    /** It ended with a result. */
    record Answered(Outcome outcome) implements KeptOutcome {}

    /** It was carried out; there is no room for what came of it. */
    record TooLarge() implements KeptOutcome {}

    /** It was begun, and whether it was carried out is not known. */
    record Unknown() implements KeptOutcome {}

    static String unknown() {
        return "{\"kind\":\"unknown\"}";
    }

    static String tooLarge() {
        return "{\"kind\":\"too-large\"}";
    }

    /**
     * What to keep of an outcome; empty if nothing was done, so that the next with the key is the first again.
     *
     * @param begun whether it got as far as its handler, of which what it depends on may break in the middle
     * @param maxBytes of the text; instead of more, {@link #tooLarge}
     */
    static Optional<String> of(Outcome outcome, boolean begun, int maxBytes) {
        return switch (outcome) {
            case Outcome.Complete complete -> Optional.of(text("complete", "", complete.result(), maxBytes));
            case Outcome.Extended extended ->
                Optional.of(text("extended", extended.extension(), extended.result(), maxBytes));
            case Outcome.InputRequired asked -> Optional.empty();
            case Outcome.Refused refused ->
                isHarmless(refused.refusal(), begun) ? Optional.empty() : Optional.of(unknown());
        };
    }

    /** Whether a refusal says that nothing was done. */
    private static boolean isHarmless(Refusal refusal, boolean begun) {
        return switch (refusal) {
            // Given up or broken in the middle: it may have been done all the same.
            case Refusal.TimedOut r -> false;
            case Refusal.Cancelled r -> false;
            case Refusal.Internal r -> false;
            case Refusal.Earlier r -> false;
            case Refusal.Unauthenticated r -> true;
            case Refusal.MissingScope r -> true;
            case Refusal.ApprovalRequired r -> true;
            case Refusal.RateLimited r -> true;
            case Refusal.QuotaExceeded r -> true;
            case Refusal.Overloaded r -> true;
            case Refusal.DependencyUnavailable r -> !begun;
            case Refusal.NotFound r -> true;
            case Refusal.InvalidParams r -> true;
            case Refusal.Malformed r -> true;
            case Refusal.HeaderMismatch r -> true;
            case Refusal.MethodNotFound r -> true;
            case Refusal.UnsupportedVersion r -> true;
            case Refusal.MissingCapability r -> true;
            case Refusal.UrlElicitationRequired r -> true;
            case Refusal.InvalidState r -> true;
            case Refusal.Custom r -> true;
        };
    }

    private static String text(String kind, String extension, Result result, int maxBytes) {
        ObjectNode kept = Json.object().put("kind", kind).put("extension", extension);
        kept.set("result", Json.tree(result));
        String text =
                Json.mapper().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(kept);
        return text.length() <= maxBytes ? text : tooLarge();
    }

    /** @throws IllegalStateException if this is nothing that was kept */
    static KeptOutcome read(String text) {
        JsonNode kept = Json.parse(text);
        return switch (kept.path("kind").asString("")) {
            case "complete" ->
                new Answered(new Outcome.Complete(
                        marked(Json.mapper().treeToValue(kept.path("result"), CallToolResult.class))));
            case "extended" ->
                new Answered(new Outcome.Extended(
                        kept.path("extension").asString(""), marked(extension(kept.path("result")))));
            case "too-large" -> new TooLarge();
            case "unknown" -> new Unknown();
            default -> throw new IllegalStateException("The store of calls holds something else than outcomes");
        };
    }

    private static ExtensionResult extension(JsonNode result) {
        ObjectNode members = ((ObjectNode) result).deepCopy();
        Meta meta = Meta.from(members.remove("_meta"));
        String type = members.remove("resultType").asString();
        return ExtensionResult.of(members).withResultType(type).withMeta(meta);
    }

    private static Result marked(Result result) {
        return result.withMeta(result.meta().with(REPLAYED, true));
    }
}
