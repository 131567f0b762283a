package dev.mortise.mcp.schema;

/** One message of a prompt. */
public record PromptMessage(Role role, ContentBlock content) {
    public PromptMessage {
        Fields.required(role, "PromptMessage.role");
        Fields.required(content, "PromptMessage.content");
    }

    public static PromptMessage user(ContentBlock content) {
        return new PromptMessage(Role.USER, content);
    }

    public static PromptMessage user(String text) {
        return user(TextContent.of(text));
    }

    public static PromptMessage assistant(ContentBlock content) {
        return new PromptMessage(Role.ASSISTANT, content);
    }

    public static PromptMessage assistant(String text) {
        return assistant(TextContent.of(text));
    }
}
