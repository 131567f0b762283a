package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Whether the model uses tools.
 *
 * @param mode {@code null} means {@link Mode#AUTO}
 */
@JsonInclude(NON_NULL)
public record ToolChoice(@Nullable Mode mode) {
    /** How freely the model decides. */
    public enum Mode {
        /** The model decides. */
        @JsonProperty("auto")
        AUTO,

        /** The model must use at least one tool. */
        @JsonProperty("required")
        REQUIRED,

        /** The model must not use any. */
        @JsonProperty("none")
        NONE
    }

    public static ToolChoice of(Mode mode) {
        return new ToolChoice(mode);
    }
}
