package dev.mortise.mcp.server;

import org.jspecify.annotations.Nullable;

/**
 * What a tool does. Blocking is fine: it runs on a virtual thread. It may be called again for the same call, once a
 * question is answered.
 *
 * <p>It returns whatever fits: text, a record or another JSON-serializable value, content blocks, or a
 * {@link ToolOutcome} to fail, to ask, or to say precisely what the result is. What it throws is logged; the client
 * only learns that the tool failed.
 */
@FunctionalInterface
public interface ToolHandler<I> {
    @Nullable
    Object handle(I input, ToolCall call) throws Exception;
}
