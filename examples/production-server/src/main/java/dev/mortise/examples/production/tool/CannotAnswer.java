package dev.mortise.examples.production.tool;

import dev.mortise.mcp.server.ToolHandler;
import dev.mortise.mcp.server.ToolOutcome;

/** What was asked cannot be answered as it was asked. Its message tells a model what to do instead. */
public final class CannotAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    public CannotAnswer(String message) {
        super(message);
    }

    /** A handler that tells the model so; anything else that it throws stays a failure inside. */
    static <I> ToolHandler<I> told(ToolHandler<I> handler) {
        return (input, call) -> {
            try {
                return handler.handle(input, call);
            } catch (CannotAnswer e) {
                return ToolOutcome.failed(String.valueOf(e.getMessage()));
            }
        };
    }
}
