package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Reply;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the eras apart, message by message (versioning: Backward Compatibility). A request is modern if it says so
 * itself, in {@code _meta}; only where it does not is anything else looked at.
 */
public final class Eras {
    private final ModernEra modern;
    private final Optional<LegacyEndpoint> legacy;

    /** @param legacy {@code null} where legacy clients are not served */
    public Eras(ModernEra modern, @Nullable LegacyEndpoint legacy) {
        this.modern = modern;
        this.legacy = Optional.ofNullable(legacy);
    }

    public Era modern() {
        return modern;
    }

    public Wording wording() {
        return modern.refusals().wording();
    }

    /** How a refusal is told to a client of this revision. */
    public JsonRpcError error(Refusal refusal, ProtocolVersion version) {
        Reply reply = version.beginsWithInitialize()
                ? new LegacyRefusals(modern.refusals()).reply(null, refusal, version)
                : modern.refuse(null, refusal);
        return reply.message() instanceof Message.Failure failure
                ? failure.error()
                : JsonRpcError.of(JsonRpcError.INTERNAL_ERROR, "Internal error");
    }

    /** Where the messages of legacy clients go, if they are served. */
    public Optional<LegacyEndpoint> legacy() {
        return legacy;
    }

    public boolean isModern(Exchange exchange, Message.Request request) {
        return RequestMeta.version(request.params()) != null
                || legacy.isEmpty()
                || !legacy.get().takes(exchange, request);
    }
}
