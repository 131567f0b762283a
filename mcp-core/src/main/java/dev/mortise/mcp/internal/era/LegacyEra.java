package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.internal.dispatch.Incident;
import dev.mortise.mcp.internal.dispatch.InputBridge;
import dev.mortise.mcp.internal.dispatch.InterceptorChain;
import dev.mortise.mcp.internal.dispatch.LiveCall;
import dev.mortise.mcp.internal.dispatch.RpcMethod;
import dev.mortise.mcp.internal.session.LegacySession;
import dev.mortise.mcp.internal.session.SessionState;
import dev.mortise.mcp.internal.state.Dialogue;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.ElicitationCapability;
import dev.mortise.mcp.schema.ListToolsResult;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.ProgressToken;
import dev.mortise.mcp.schema.Result;
import dev.mortise.mcp.schema.SamplingCapability;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

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
        Optional<LegacyTasks.Wish> wish;
        try {
            wish = wish(request);
        } catch (IllegalArgumentException e) {
            return new Opening.Rejected(Refusal.InvalidParams.of(String.valueOf(e.getMessage())));
        }
        ClientCapabilities capabilities = state == null
                ? ClientCapabilities.NONE
                : within(state.capabilities(), version, exchange.acceptsEvents());
        CallContext context = new CallContext(
                caller,
                exchange.origin(),
                version,
                state == null ? null : state.client(),
                // Who wants a task of this call can handle one.
                wish.isPresent() ? withTasks(capabilities) : capabilities,
                state == null ? null : state.logLevel(),
                token,
                Meta.from(given),
                parts.wording());
        return new Opening.Opened(context, Dialogue.begin(Map.of()), null, attributes(wish));
    }

    private boolean hasTasks() {
        return parts.tasks() != null && version.supportsTasks();
    }

    private Optional<LegacyTasks.Wish> wish(Message.Request request) {
        return hasTasks() && request.method().equals("tools/call")
                ? LegacyTasks.Wish.from(request.params().get("task"))
                : Optional.empty();
    }

    private static ClientCapabilities withTasks(ClientCapabilities capabilities) {
        Map<String, ObjectNode> extensions = new HashMap<>(capabilities.extensions());
        extensions.put(LegacyTasks.EXTENSION, Json.object());
        return new ClientCapabilities(
                capabilities.experimental(),
                capabilities.roots(),
                capabilities.sampling(),
                capabilities.elicitation(),
                extensions);
    }

    private Map<Attribute<?>, Object> attributes(Optional<LegacyTasks.Wish> wish) {
        if (!hasTasks()) {
            return Map.of();
        }
        Map<Attribute<?>, Object> attributes = new HashMap<>();
        wish.ifPresent(wanted -> attributes.put(LegacyTasks.WISH, wanted));
        if (session != null) {
            attributes.put(LegacyTasks.PEER, new LegacyPeer(session, version));
        }
        return attributes;
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
        Map<String, ObjectNode> extensions = new HashMap<>(declared.extensions());
        // It takes a revision that has no sessions: what earlier ones have is a matter of each call.
        extensions.remove(LegacyTasks.EXTENSION);
        return new ClientCapabilities(
                declared.experimental(), reachable ? declared.roots() : null, sampling, elicitation, extensions);
    }

    @Override
    public Optional<RpcMethod> method(String name) {
        return LegacyMethods.find(name, parts, version, session);
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
            case Outcome.Refused(Refusal.UrlElicitationRequired required)
            when session != null -> pages(session, call.requestId(), required.pages());
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
        ObjectNode tree = LegacyResults.of(result, version);
        LegacyTasks tasks = parts.tasks();
        if (tasks != null && version.supportsTasks() && result instanceof ListToolsResult) {
            tree.path("tools").forEach(tool -> support(tasks, call.caller(), (ObjectNode) tool));
        }
        return Reply.of(Message.Result.of(call.requestId(), tree));
    }

    /** No word about it means that it is forbidden (2025-11-25, tasks: Tool-Level Negotiation). */
    private static void support(LegacyTasks tasks, Caller caller, ObjectNode tool) {
        switch (tasks.support(caller, tool.path("name").stringValue())) {
            case FORBIDDEN -> {}
            case OPTIONAL -> tool.putObject("execution").put("taskSupport", "optional");
            case REQUIRED -> tool.putObject("execution").put("taskSupport", "required");
        }
    }

    private Reply pages(LegacySession known, RequestId id, List<Question<?>> pages) {
        List<LegacyQuestion> questions =
                pages.stream().map(page -> LegacyQuestion.of(page, version)).toList();
        questions.forEach(question -> question.remember(known));
        return parts.refusals().pages(id, questions, version);
    }

    @Override
    public Reply refuse(@Nullable RequestId id, Refusal refusal) {
        return parts.refusals().reply(id, refusal, version);
    }
}
