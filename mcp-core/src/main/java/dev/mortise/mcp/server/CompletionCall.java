package dev.mortise.mcp.server;

import dev.mortise.mcp.call.Caller;
import java.util.Map;

/**
 * One request for suggestions.
 *
 * @param argument the argument or variable that is being typed
 * @param value what was typed so far
 * @param context arguments that already have their value
 */
public record CompletionCall(Caller caller, String argument, String value, Map<String, String> context) {
    public CompletionCall {
        context = Map.copyOf(context);
    }
}
