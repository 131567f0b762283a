package dev.mortise.mcp.server;

import java.util.List;

/** Suggests values for an argument while the user types. Called often and from many threads: be quick. */
@FunctionalInterface
public interface Completer {
    /**
     * @return all values that fit, the best first; the library sends the first 100 and says how many there are
     *     (Completion: Completion Results)
     */
    List<String> complete(CompletionCall call) throws Exception;
}
