package dev.mortise.mcp.call;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.Implementation;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.ProgressToken;
import dev.mortise.mcp.transport.Origin;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a call apart from its method and params. Every revision fills the same context: from the
 * request's own {@code _meta}, or from what a legacy session remembers.
 *
 * @param client what the client says it is: for display and logs, never for decisions; may be {@code null}
 * @param capabilities what the client can do for this call
 * @param logLevel the least level of log messages that the client wants for this call; {@code null}: none at all
 * @param progressToken {@code null} if the client wants no progress
 * @param meta the whole {@code _meta} of the request, trace context included
 * @param wording in which words whoever refuses this call says so
 */
public record CallContext(
        Caller caller,
        Origin origin,
        ProtocolVersion version,
        @Nullable Implementation client,
        ClientCapabilities capabilities,
        @Nullable LoggingLevel logLevel,
        @Nullable ProgressToken progressToken,
        Meta meta,
        Wording wording) {

    /** The W3C trace parent that the client sent in {@code _meta} (basic: OpenTelemetry trace context). */
    public Optional<String> traceparent() {
        return text("traceparent");
    }

    public Optional<String> tracestate() {
        return text("tracestate");
    }

    public Optional<String> baggage() {
        return text("baggage");
    }

    private Optional<String> text(String key) {
        return meta.get(key).filter(node -> node.isString()).map(node -> node.stringValue());
    }
}
