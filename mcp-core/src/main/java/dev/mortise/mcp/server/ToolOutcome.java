package dev.mortise.mcp.server;

import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.ContentBlock;
import dev.mortise.mcp.schema.TextContent;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How the handling of a tool call ended. */
public sealed interface ToolOutcome {
    /** A result; one that says {@code isError} is meant for the model, which can then do better. */
    record Done(CallToolResult result) implements ToolOutcome {}

    /** Something has to be asked first. */
    record Ask(List<Question<?>> questions) implements ToolOutcome {
        public Ask {
            questions = List.copyOf(questions);
        }
    }

    /** A protocol error instead of a result: for what a model cannot mend. */
    record Refused(Refusal refusal) implements ToolOutcome {}

    /** A result from a value: see {@link ToolHandler} for what it may be. */
    static ToolOutcome done(@Nullable Object value) {
        return from(value, false);
    }

    /** A result that tells the model what went wrong and, best of all, what to do about it. */
    static ToolOutcome failed(String message) {
        return new Done(CallToolResult.error(message));
    }

    static ToolOutcome ask(Question<?>... questions) {
        return new Ask(List.of(questions));
    }

    static ToolOutcome refused(Refusal refusal) {
        return new Refused(refusal);
    }

    /** @param structured whether the tool has an output schema, so that also a plain text is a structured value */
    static ToolOutcome from(@Nullable Object value, boolean structured) {
        return switch (value) {
            case ToolOutcome outcome -> outcome;
            case CallToolResult result -> new Done(result);
            case null -> new Done(CallToolResult.of(List.of()));
            case ContentBlock block -> new Done(CallToolResult.of(List.of(block)));
            case Collection<?> blocks
            when isContent(blocks) ->
                new Done(CallToolResult.of(
                        blocks.stream().map(ContentBlock.class::cast).toList()));
            case CharSequence text when !structured -> text(text.toString());
            case Object other -> json(Json.tree(other), structured);
        };
    }

    private static boolean isContent(Collection<?> values) {
        return !values.isEmpty() && values.stream().allMatch(ContentBlock.class::isInstance);
    }

    /** Structured values are also given as text, for clients that only know text (tools: Structured Content). */
    private static ToolOutcome json(JsonNode tree, boolean structured) {
        String text = tree.isString() ? tree.stringValue() : tree.toString();
        if (!structured && tree.isValueNode()) {
            return text(text);
        }
        return new Done(CallToolResult.of(List.of(TextContent.of(text))).withStructuredContent(tree));
    }

    private static ToolOutcome text(String text) {
        return new Done(CallToolResult.of(List.of(TextContent.of(text))));
    }
}
