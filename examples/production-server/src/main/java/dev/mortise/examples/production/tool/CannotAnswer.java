package dev.mortise.examples.production.tool;

import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.server.ToolHandler;
import dev.mortise.mcp.server.ToolOutcome;

/**
 * What was asked cannot be answered as it was asked. Its text tells a model what to do instead, in the server's language; its
 * message, for logs and developers, is the English one.
 */
public final class CannotAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    private final ToolText text;
    private final transient Object[] values;

    /** @param values one for each place of the text */
    public CannotAnswer(ToolText text, Object... values) {
        super(text.in(Language.ENGLISH, values));
        this.text = text;
        this.values = values.clone();
    }

    public String in(Language language) {
        return text.in(language, values);
    }

    /** A handler that tells the model so; anything else that it throws stays a failure inside. */
    static <I> ToolHandler<I> told(ToolHandler<I> handler) {
        return (input, call) -> {
            try {
                return handler.handle(input, call);
            } catch (CannotAnswer e) {
                return ToolOutcome.failed(e.in(call.context().wording().language()));
            }
        };
    }
}
