package dev.mortise.mcp.internal.client.era;

import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.Meta;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What requests look like, and what may come back, in one of the two eras of the protocol. Immutable. */
public sealed interface Era permits Modern, Legacy {
    /**
     * The params of a request as they are sent.
     *
     * @param params not changed
     * @param meta what the caller adds
     * @param progress the token that the server shall report progress under; {@code null} for none
     * @param logLevel the least level of log messages; {@code null} for none
     */
    ObjectNode params(ObjectNode params, Meta meta, @Nullable RequestId progress, @Nullable LoggingLevel logLevel);

    /** The header fields of a request, for transports that have such. */
    Map<String, String> headers(String method, ObjectNode params);

    /** Puts what the caller adds and the progress token into a {@code _meta}. */
    static void fill(ObjectNode into, Meta meta, @Nullable RequestId progress) {
        meta.entries().forEach(into::set);
        if (progress instanceof RequestId.Numeric number) {
            into.put("progressToken", number.value());
        } else if (progress != null) {
            into.put("progressToken", progress.toString());
        }
    }
}
