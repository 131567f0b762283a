package dev.mortise.mcp.internal.client.era;

import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.Meta;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Until 2025-11-25: a handshake says it all once, and requests say only what they are about. */
public final class Legacy implements Era {
    private final boolean tasks;

    /** @param tasks whether the server makes tasks of calls that ask for it, as only 2025-11-25 has it */
    Legacy(boolean tasks) {
        this.tasks = tasks;
    }

    public boolean hasTasks() {
        return tasks;
    }

    @Override
    public ObjectNode params(
            ObjectNode params, Meta meta, @Nullable RequestId progress, @Nullable LoggingLevel logLevel) {
        ObjectNode sent = params.objectNode();
        sent.setAll(params);
        ObjectNode fields = sent.objectNode();
        if (params.get("_meta") instanceof ObjectNode given) {
            fields.setAll(given);
        }
        Era.fill(fields, meta, progress);
        if (!fields.isEmpty()) {
            sent.set("_meta", fields);
        }
        return sent;
    }

    @Override
    public Map<String, String> headers(String method, ObjectNode params) {
        return Map.of();
    }
}
