package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/** The arguments that the user has settled already, by name: they narrow what completes the next one. */
public record CompletionContext(@JsonInclude(NON_EMPTY) Map<String, String> arguments) {
    public CompletionContext {
        arguments = Fields.map(arguments, "CompletionContext.arguments");
    }

    public static CompletionContext of(Map<String, String> arguments) {
        return new CompletionContext(arguments);
    }
}
