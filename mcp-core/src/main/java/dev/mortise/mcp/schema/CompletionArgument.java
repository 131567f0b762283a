package dev.mortise.mcp.schema;

/**
 * The argument to be completed.
 *
 * @param value what the user has typed so far; may be empty
 */
public record CompletionArgument(String name, String value) {
    public CompletionArgument {
        Fields.required(name, "CompletionArgument.name");
        Fields.required(value, "CompletionArgument.value");
    }

    public static CompletionArgument of(String name, String value) {
        return new CompletionArgument(name, value);
    }
}
