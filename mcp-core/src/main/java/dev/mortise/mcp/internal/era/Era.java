package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.internal.dispatch.InterceptorChain;
import dev.mortise.mcp.internal.dispatch.LiveCall;
import dev.mortise.mcp.internal.dispatch.RpcMethod;
import dev.mortise.mcp.internal.state.Dialogue;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The seam between the revisions of the protocol: how a request says what its call needs to know, and how outcomes
 * look on the wire. Everything in between is the same for all of them.
 */
public interface Era {
    /** Reads everything about a request that is not its method's own business. */
    Opening open(Exchange exchange, Caller caller, Message.Request request);

    /** The method of this name, if these revisions have it. */
    Optional<RpcMethod> method(String name);

    /** What puts a call's questions, where they do not simply travel to the client with the reply. */
    default InterceptorChain.@Nullable Bridge bridge(LiveCall call) {
        return null;
    }

    /** The reply to a call that ran, or paused. */
    Reply encode(LiveCall call, Outcome outcome);

    /** The reply to a request that did not become a call; {@code id} is {@code null} where it was not even read. */
    Reply refuse(@Nullable RequestId id, Refusal refusal);

    /** What is known of a request that was refused before it was read: for those who observe. */
    static CallContext unread(Exchange exchange, Caller caller, Wording wording) {
        return new CallContext(
                caller,
                exchange.origin(),
                ProtocolVersion.V2026_07_28,
                null,
                ClientCapabilities.NONE,
                null,
                null,
                Meta.EMPTY,
                wording);
    }

    /** What came of opening a request. */
    sealed interface Opening {
        /**
         * The request can become a call.
         *
         * @param mirroredHeaders where arguments are repeated in header fields, those; else {@code null}
         * @param attributes what else the era leaves on the call
         */
        record Opened(
                CallContext context,
                Dialogue dialogue,
                @Nullable Function<String, List<String>> mirroredHeaders,
                Map<Attribute<?>, Object> attributes)
                implements Opening {
            public Opened(
                    CallContext context, Dialogue dialogue, @Nullable Function<String, List<String>> mirroredHeaders) {
                this(context, dialogue, mirroredHeaders, Map.of());
            }
        }

        record Rejected(Refusal refusal) implements Opening {}
    }
}
