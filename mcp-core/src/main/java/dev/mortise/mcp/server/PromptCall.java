package dev.mortise.mcp.server;

import java.util.Map;
import java.util.Optional;

/** The getting of a prompt. */
public interface PromptCall extends HandlerCall {
    /** The arguments; all required ones are there. */
    Map<String, String> arguments();

    default Optional<String> argument(String name) {
        return Optional.ofNullable(arguments().get(name));
    }
}
