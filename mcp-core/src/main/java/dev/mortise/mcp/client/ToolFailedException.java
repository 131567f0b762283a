package dev.mortise.mcp.client;

import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.TextContent;
import java.util.stream.Collectors;

/** A tool said that it failed, where a value of a type was asked for. */
public final class ToolFailedException extends McpException {
    private static final long serialVersionUID = 1L;

    private static final int LONGEST = 1000;

    private final transient CallToolResult result;

    public ToolFailedException(String tool, CallToolResult result) {
        super("The tool " + Excerpt.of(tool, 200) + " failed: " + Excerpt.of(text(result), LONGEST), null);
        this.result = result;
    }

    /** What the tool returned; a model may want to read it. */
    public CallToolResult result() {
        return result;
    }

    private static String text(CallToolResult result) {
        return result.content().stream()
                .filter(TextContent.class::isInstance)
                .map(block -> ((TextContent) block).text())
                .collect(Collectors.joining(" "));
    }
}
