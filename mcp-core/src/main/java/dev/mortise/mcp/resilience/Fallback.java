package dev.mortise.mcp.resilience;

import dev.mortise.mcp.call.Call;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a tool whose own failed, timed out or was refused because what it needs is down. It is not protected by
 * anything: it should be quick, from memory. Called from many threads.
 */
@FunctionalInterface
public interface Fallback {
    /**
     * Answers in place of the tool.
     *
     * @return as a {@link dev.mortise.mcp.server.ToolHandler} does. Where the tool has an output schema, a value that
     *     does not fit it is not given to anybody, and a text becomes a result that says {@code isError}
     */
    @Nullable
    Object answer(Call call) throws Exception;

    /** Always the same answer. */
    static Fallback value(Object value) {
        return call -> value;
    }
}
