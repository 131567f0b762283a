package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.internal.dispatch.Incident;
import dev.mortise.mcp.internal.dispatch.InputBridge;
import dev.mortise.mcp.internal.dispatch.InterceptorChain;
import dev.mortise.mcp.internal.dispatch.LiveCall;
import dev.mortise.mcp.internal.dispatch.RpcMethod;
import dev.mortise.mcp.internal.session.LegacySession;
import dev.mortise.mcp.internal.session.SessionState;
import dev.mortise.mcp.internal.state.Dialogue;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.ElicitationCapability;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.ProgressToken;
import dev.mortise.mcp.schema.Result;
import dev.mortise.mcp.schema.SamplingCapability;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Reply;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One legacy client, of a revision up to 2025-11-25: what its requests do not say about themselves it has said in its
 * {@code initialize}. Without a session nothing is known of it but the revision, and it cannot be asked anything.
 */
final class LegacyEra implements Era {
    private final LegacyParts parts;
    private final ProtocolVersion version;
    private final @Nullable LegacySession session;

    LegacyEra(LegacyParts parts, ProtocolVersion version, @Nullable LegacySession session) {
        this.parts = parts;
        this.version = version;
        this.session = session;
    }

    /** The era of a session, by the revision that was negotiated at its beginning. */
    static LegacyEra of(LegacyParts parts, LegacySession session) {
        ProtocolVersion version = ProtocolVersion.of(session.state().version()).orElse(ProtocolVersion.NEWEST_LEGACY);
        return new LegacyEra(parts, version, session);
    }

    ProtocolVersion version() {
        return version;
    }

    @Override
    public Opening open(Exchange exchange, Caller caller, Message.Request request) {
        JsonNode given = request.params().get("_meta");
        if (given != null && !given.isObject()) {
            return new Opening.Rejected(Refusal.InvalidParams.of("_meta must be an object"));
        }
        ProgressToken token = null;
        if (given != null && given.has("progressToken")) {
            try {
                token = ProgressToken.read(given.path("progressToken"));
            } catch (IllegalArgumentException e) {
                return new Opening.Rejected(Refusal.InvalidParams.of("progressToken is a string or an integer"));
            }
        }
        SessionState state = session == null ? null : session.state();
        CallContext context = new CallContext(
                caller,
                exchange.origin(),
                version,
                state == null ? null : state.client(),
                state == null
                        ? ClientCapabilities.NONE
                        : within(state.capabilities(), version, exchange.acceptsEvents()),
                state == null ? null : state.logLevel(),
                token,
                Meta.from(given));
        return new Opening.Opened(context, Dialogue.begin(Map.of()), null);
    }

    /** What of the declared capabilities the revision knows, and what can be used on this request. */
    static ClientCapabilities within(ClientCapabilities declared, ProtocolVersion version, boolean reachable) {
        ElicitationCapability elicitation = declared.elicitation();
        SamplingCapability sampling = declared.sampling();
        if (elicitation != null && !version.supportsUrlElicitation()) {
            elicitation = version.supportsElicitation() ? ElicitationCapability.formOnly() : null;
        }
        if (sampling != null && !version.supportsSamplingTools()) {
            sampling = SamplingCapability.basic();
        }
        if (!reachable) {
            // That a page has to be opened can be said by an error, too; nothing else can.
            boolean pages = elicitation != null && elicitation.url() != null;
            elicitation = pages ? ElicitationCapability.urlOnly() : null;
            sampling = null;
        }
        return new ClientCapabilities(
                declared.experimental(),
                reachable ? declared.roots() : null,
                sampling,
                elicitation,
                declared.extensions());
    }

    @Override
    public Optional<RpcMethod> method(String name) {
        return LegacyMethods.find(name, parts, session);
    }

    @Override
    public InterceptorChain.@Nullable Bridge bridge(LiveCall call) {
        return session == null
                ? null
                : new InputBridge(
                        call,
                        new LegacyAsker(session, version, parts.patience()),
                        parts.settlements(),
                        parts.patience(),
                        parts.clock());
    }

    @Override
    public Reply encode(LiveCall call, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Complete complete -> result(call, complete.result());
            case Outcome.Extended extended -> result(call, extended.result());
            case Outcome.Refused refused -> refuse(call.requestId(), refused.refusal());
            // The bridge has put what can be put, and nothing can be asked without a session.
            case Outcome.InputRequired asked ->
                refuse(
                        call.requestId(),
                        new Refusal.Internal(
                                Incident.log(call.method(), new IllegalStateException("A question was left over"))));
        };
    }

    private Reply result(LiveCall call, Result result) {
        return Reply.of(Message.Result.of(call.requestId(), LegacyResults.of(result, version)));
    }

    @Override
    public Reply refuse(@Nullable RequestId id, Refusal refusal) {
        return LegacyRefusals.reply(id, refusal, version);
    }
}
