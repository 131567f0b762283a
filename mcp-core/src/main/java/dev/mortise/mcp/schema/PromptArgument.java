package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_DEFAULT;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One argument of a prompt; its value is always a string.
 *
 * @param required whether the prompt cannot do without it
 */
@JsonInclude(NON_NULL)
public record PromptArgument(
        String name,
        @Nullable String title,
        @Nullable String description,
        @JsonInclude(NON_DEFAULT) boolean required) {
    public PromptArgument {
        Fields.required(name, "PromptArgument.name");
    }

    public static PromptArgument required(String name) {
        return new PromptArgument(name, null, null, true);
    }

    public static PromptArgument optional(String name) {
        return new PromptArgument(name, null, null, false);
    }

    public PromptArgument withTitle(String title) {
        return new PromptArgument(name, title, description, required);
    }

    public PromptArgument withDescription(String description) {
        return new PromptArgument(name, title, description, required);
    }
}
