package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeName;
import org.jspecify.annotations.Nullable;

/** Names a prompt whose argument is completed. */
@JsonTypeName(PromptReference.TYPE)
@JsonInclude(NON_NULL)
public record PromptReference(String name, @Nullable String title) implements CompletionReference {
    static final String TYPE = "ref/prompt";

    public PromptReference {
        Fields.required(name, "PromptReference.name");
    }

    public static PromptReference of(String name) {
        return new PromptReference(name, null);
    }

    @Override
    public String type() {
        return TYPE;
    }
}
