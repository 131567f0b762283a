package dev.mortise.mcp.client;

import dev.mortise.mcp.transport.Exchange;
import java.util.function.Consumer;

/**
 * A server in this process.
 *
 * @param handler takes each message, for example {@code server::handle}; called concurrently
 */
public record LocalServer(Consumer<Exchange> handler) implements ServerEndpoint {
    @Override
    public String label() {
        return "the server in this process";
    }
}
