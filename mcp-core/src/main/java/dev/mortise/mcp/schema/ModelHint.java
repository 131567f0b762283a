package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A model to look for.
 *
 * @param name a name or a part of one; the client may take an equivalent model of another provider
 */
@JsonInclude(NON_NULL)
public record ModelHint(@Nullable String name) {
    public static ModelHint of(String name) {
        return new ModelHint(name);
    }
}
