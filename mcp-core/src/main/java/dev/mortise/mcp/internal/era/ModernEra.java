package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.http.StandardHeaders;
import dev.mortise.mcp.internal.dispatch.LiveCall;
import dev.mortise.mcp.internal.dispatch.MethodTable;
import dev.mortise.mcp.internal.dispatch.RpcMethod;
import dev.mortise.mcp.internal.state.ArgumentDigest;
import dev.mortise.mcp.internal.state.Dialogue;
import dev.mortise.mcp.internal.state.StateSealer;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.Implementation;
import dev.mortise.mcp.schema.InputRequest;
import dev.mortise.mcp.schema.InputRequiredResult;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.MetaKeys;
import dev.mortise.mcp.schema.Result;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Revision 2026-07-28 and later: every request says everything about itself in {@code _meta}, and what a call knows
 * between its rounds travels, sealed, through the client.
 */
public final class ModernEra implements Era {
    private static final Logger LOG = LoggerFactory.getLogger(ModernEra.class);

    private final MethodTable methods;
    private final List<String> supported;
    private final JsonNode serverInfo;
    private final Meta serverMeta;
    private final StateSealer sealer;
    private final Duration stateTtl;
    private final Clock clock;
    private final ModernRefusals refusals;

    /** @param stateTtl how long a user may take over a question */
    public ModernEra(
            Implementation server,
            MethodTable methods,
            StateSealer sealer,
            Duration stateTtl,
            Clock clock,
            Wording wording) {
        this.methods = methods;
        this.supported = supported();
        this.serverInfo = Json.tree(server);
        this.serverMeta = Meta.of(MetaKeys.SERVER_INFO, serverInfo);
        this.sealer = sealer;
        this.stateTtl = stateTtl;
        this.clock = clock;
        this.refusals = new ModernRefusals(wording);
    }

    /** The versions that {@code server/discover} names. */
    public static List<String> supported() {
        return List.of(ProtocolVersion.V2026_07_28.wire());
    }

    ModernRefusals refusals() {
        return refusals;
    }

    @Override
    public Optional<RpcMethod> method(String name) {
        return methods.find(name);
    }

    @Override
    public Opening open(Exchange exchange, Caller caller, Message.Request request) {
        HttpHead head = exchange.origin() instanceof HttpHead http ? http : null;
        Optional<Refusal> objection = objection(request, head);
        if (objection.isPresent()) {
            return new Opening.Rejected(objection.get());
        }
        return switch (RequestMeta.of(request.params())) {
            case RequestMeta.Rejected rejected -> new Opening.Rejected(naming(supported, request, rejected.refusal()));
            case RequestMeta.Read meta -> open(exchange, caller, request, head, meta);
        };
    }

    /** The version comes first: what the other fields have to be depends on it. */
    private Optional<Refusal> objection(Message.Request request, @Nullable HttpHead head) {
        String version = RequestMeta.version(request.params());
        if (version == null) {
            return Optional.empty();
        }
        Optional<String> mismatch = head == null ? Optional.empty() : StandardHeaders.mismatch(head, request, version);
        if (mismatch.isPresent()) {
            return Optional.of(new Refusal.HeaderMismatch(mismatch.get()));
        }
        return supported.contains(version)
                ? Optional.empty()
                : Optional.of(new Refusal.UnsupportedVersion(version, supported));
    }

    private Opening open(
            Exchange exchange, Caller caller, Message.Request request, @Nullable HttpHead head, RequestMeta.Read meta) {
        CallContext context = new CallContext(
                caller,
                exchange.origin(),
                ProtocolVersion.of(meta.version()).orElseThrow(),
                meta.client(),
                meta.capabilities(),
                meta.logLevel(),
                meta.progressToken(),
                meta.meta(),
                refusals.wording());
        return Dialogue.METHODS.contains(request.method())
                ? resume(context, request, head)
                : opened(context, Dialogue.begin(Map.of()), head);
    }

    private Opening resume(CallContext context, Message.Request request, @Nullable HttpHead head) {
        ObjectNode params = request.params();
        JsonNode given = params.get("inputResponses");
        if (given != null && !given.isObject()) {
            return new Opening.Rejected(Refusal.InvalidParams.of("inputResponses must be an object"));
        }
        Map<String, JsonNode> responses = new HashMap<>();
        if (given != null) {
            for (Map.Entry<String, JsonNode> response : given.properties()) {
                if (!response.getValue().isObject()) {
                    return new Opening.Rejected(
                            Refusal.InvalidParams.of("every member of inputResponses must be an object"));
                }
                responses.put(response.getKey(), response.getValue());
            }
        }
        JsonNode state = params.get("requestState");
        if (state == null) {
            return opened(context, Dialogue.begin(responses), head);
        }
        Dialogue dialogue = state.isString()
                ? sealer.open(state.stringValue(), binding(context.caller(), request.method(), params))
                        .map(content -> Dialogue.resume(content, responses, clock.instant()))
                        .orElse(null)
                : null;
        return dialogue == null ? new Opening.Rejected(new Refusal.InvalidState()) : opened(context, dialogue, head);
    }

    private static Opening opened(CallContext context, Dialogue dialogue, @Nullable HttpHead head) {
        return new Opening.Opened(context, dialogue, head == null ? null : head::headers);
    }

    /** A state opens only for the same caller asking for the same thing (MRTR: Server Requirements, item 5). */
    private static byte[] binding(Caller caller, String method, ObjectNode params) {
        byte[] who = caller.identity().getBytes(StandardCharsets.UTF_8);
        byte[] what = method.getBytes(StandardCharsets.UTF_8);
        byte[] digest = ArgumentDigest.of(params);
        return ByteBuffer.allocate(8 + who.length + what.length + digest.length)
                .putInt(who.length)
                .put(who)
                .putInt(what.length)
                .put(what)
                .put(digest)
                .array();
    }

    @Override
    public Reply encode(LiveCall call, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Complete complete -> result(call, complete.result());
            case Outcome.Extended extended -> result(call, extended.result());
            case Outcome.InputRequired asked -> paused(call, asked);
            case Outcome.Refused refused -> refuse(call.requestId(), refused.refusal());
        };
    }

    private Reply result(LiveCall call, Result result) {
        Meta meta = result.meta();
        Result identified = result.withMeta(meta.isEmpty() ? serverMeta : meta.with(MetaKeys.SERVER_INFO, serverInfo));
        return Reply.of(Message.Result.of(call.requestId(), identified));
    }

    private Reply paused(LiveCall call, Outcome.InputRequired asked) {
        Map<String, InputRequest> requests = new LinkedHashMap<>();
        asked.questions().forEach(question -> requests.put(question.key(), question.request()));
        byte[] content =
                call.dialogue().pause(asked.questions(), clock.instant().plus(stateTtl));
        Optional<String> state = sealer.seal(content, binding(call.caller(), call.method(), call.params()));
        if (state.isEmpty()) {
            LOG.warn(
                    "A call of {} has to remember {} bytes, which is too much to travel through the client: large"
                            + " results belong elsewhere, under call.id()",
                    call.target().kind(),
                    content.length);
            return refuse(call.requestId(), Refusal.InvalidParams.of(refusals.say(Wording::tooMuchToRemember)));
        }
        return result(call, InputRequiredResult.of(requests).withRequestState(state.get()));
    }

    @Override
    public Reply refuse(@Nullable RequestId id, Refusal refusal) {
        return refusals.reply(id, refusal);
    }

    /** A legacy client's only hint at what to do is the text of the error to its initialize. */
    private static Refusal naming(List<String> supported, Message.Request request, Refusal refusal) {
        return request.method().equals("initialize")
                ? new Refusal.Malformed("This server speaks MCP " + String.join(", ", supported)
                        + " only, which has no initialize: send each request with its version in _meta")
                : refusal;
    }
}
