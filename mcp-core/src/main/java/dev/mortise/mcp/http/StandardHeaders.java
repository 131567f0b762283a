package dev.mortise.mcp.http;

import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.transport.HttpHead;
import java.util.Optional;

public final class StandardHeaders {
    private StandardHeaders() {}

    public static Optional<String> mismatch(HttpHead h, Message.Request r, String v) {
        return Optional.empty();
    }
}
