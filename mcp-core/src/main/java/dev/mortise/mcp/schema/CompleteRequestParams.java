package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of {@code completion/complete} (specification, server: Completion).
 *
 * @param ref the prompt or resource template that the argument belongs to
 * @param argument what the user has typed so far
 * @param context the arguments that are settled already; {@code null} where none are
 */
@JsonInclude(NON_NULL)
public record CompleteRequestParams(
        CompletionReference ref,
        CompletionArgument argument,
        @Nullable CompletionContext context,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public CompleteRequestParams {
        Fields.required(ref, "CompleteRequestParams.ref");
        Fields.required(argument, "CompleteRequestParams.argument");
        meta = Meta.orEmpty(meta);
    }

    public static CompleteRequestParams of(CompletionReference ref, CompletionArgument argument) {
        return new CompleteRequestParams(ref, argument, null, Meta.EMPTY);
    }

    /** The arguments that are settled already, by name. */
    public Map<String, String> settledArguments() {
        return context == null ? Map.of() : context.arguments();
    }

    public CompleteRequestParams withContext(CompletionContext context) {
        return new CompleteRequestParams(ref, argument, context, meta);
    }

    public CompleteRequestParams withMeta(Meta meta) {
        return new CompleteRequestParams(ref, argument, context, meta);
    }
}
