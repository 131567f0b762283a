package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.internal.dispatch.LiveCall;
import dev.mortise.mcp.internal.dispatch.RpcMethod;
import dev.mortise.mcp.internal.session.SessionState;
import dev.mortise.mcp.internal.state.Dialogue;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.Implementation;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.ServerCapabilities;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code initialize} of one client: a call like others, which begins a session (lifecycle: Initialization). */
final class Initialization implements Era {
    static final String METHOD = "initialize";
    static final String SESSION_ID = "Mcp-Session-Id";

    /** What a client that never says otherwise gets of the log; the specification leaves it to the server. */
    private static final LoggingLevel FIRST_LEVEL = LoggingLevel.INFO;

    /** What a client is bounded to say about itself, since it is stored. */
    private static final int MAX_CHARS = 32 * 1024;

    /** Begins a session, if there are any. */
    interface Beginning {
        /** Returns its id, which is empty where it needs none; nothing if there is no room. */
        Optional<String> begin(SessionState state);
    }

    private final LegacyParts parts;
    private final Beginning beginning;
    private final boolean pushes;
    private @Nullable SessionState state;
    private String sessionId = "";

    /** @param pushes whether the server can say something unasked */
    Initialization(LegacyParts parts, boolean pushes, Beginning beginning) {
        this.parts = parts;
        this.pushes = pushes;
        this.beginning = beginning;
    }

    @Override
    public Opening open(Exchange exchange, Caller caller, Message.Request request) {
        ObjectNode params = request.params();
        JsonNode wanted = params.get("protocolVersion");
        if (wanted == null || !wanted.isString()) {
            return malformed("protocolVersion must name a revision of the protocol");
        }
        if (params.toString().length() > MAX_CHARS) {
            return malformed("The client says too much about itself");
        }
        ProtocolVersion version = ProtocolVersion.of(wanted.stringValue())
                .filter(ProtocolVersion::beginsWithInitialize)
                .orElse(ProtocolVersion.NEWEST_LEGACY);
        try {
            JsonNode given = params.get("clientInfo");
            Implementation client = given == null || given.isNull() ? null : Implementation.from(given);
            ClientCapabilities capabilities = params.has("capabilities")
                    ? ClientCapabilities.from(params.get("capabilities"))
                    : ClientCapabilities.NONE;
            state = SessionState.begun(version.wire(), client, capabilities, FIRST_LEVEL);
            CallContext context = new CallContext(
                    caller,
                    exchange.origin(),
                    version,
                    client,
                    LegacyEra.within(capabilities, version, false),
                    null,
                    null,
                    Meta.from(params.get("_meta")),
                    parts.wording());
            return new Opening.Opened(context, Dialogue.begin(Map.of()), null);
        } catch (JacksonException | IllegalArgumentException e) {
            return malformed("clientInfo or capabilities are not of their type");
        }
    }

    private static Opening malformed(String why) {
        return new Opening.Rejected(new Refusal.Malformed(why));
    }

    @Override
    public Optional<RpcMethod> method(String name) {
        return Optional.of((caller, params) -> new RpcMethod.Binding(Target.NONE, this::begin));
    }

    private Outcome begin(LiveCall call) {
        SessionState opened = state;
        if (opened == null) {
            throw new IllegalStateException("It was not opened");
        }
        Optional<String> begun = beginning.begin(opened);
        if (begun.isEmpty()) {
            return new Outcome.Refused(new Refusal.Overloaded(Duration.ofSeconds(5)));
        }
        sessionId = begun.get();
        ObjectNode result = Json.object().put("protocolVersion", opened.version());
        result.set("capabilities", capabilities(call));
        result.set("serverInfo", Json.tree(parts.server()));
        if (parts.instructions() != null) {
            result.put("instructions", parts.instructions());
        }
        return new Outcome.Complete(new LegacyResults.Prepared(result));
    }

    /** Without a way to say something unasked, none of it is promised. */
    private ObjectNode capabilities(LiveCall call) {
        ServerCapabilities declared = parts.capabilities();
        ObjectNode tree = (ObjectNode) Json.tree(declared);
        // What tasks have become since is for clients that say on each request what they can do.
        if (tree.get("extensions") instanceof ObjectNode extensions) {
            extensions.remove(LegacyTasks.EXTENSION);
            if (extensions.isEmpty()) {
                tree.remove("extensions");
            }
        }
        if (parts.tasks() != null
                && parts.capabilities().tools() != null
                && call.context().version().supportsTasks()) {
            boolean identified = pushes
                    || !call.caller().identity().equals(Caller.anonymous().identity());
            tree.set("tasks", LegacyTasks.capability(identified));
        }
        if (!pushes) {
            tree.remove("logging");
            for (String kind : Set.of("tools", "prompts", "resources")) {
                if (tree.get(kind) instanceof ObjectNode capability) {
                    capability.remove("listChanged");
                    capability.remove("subscribe");
                }
            }
        }
        return tree;
    }

    @Override
    public Reply encode(LiveCall call, Outcome outcome) {
        Reply reply = new LegacyEra(parts, call.context().version(), null).encode(call, outcome);
        if (sessionId.isEmpty() || !(outcome instanceof Outcome.Complete)) {
            return reply;
        }
        Map<String, String> headers = new HashMap<>(reply.headers());
        headers.put(SESSION_ID, sessionId);
        return new Reply(reply.message(), reply.status(), headers);
    }

    @Override
    public Reply refuse(@Nullable RequestId id, Refusal refusal) {
        return parts.refusals().reply(id, refusal, ProtocolVersion.NEWEST_LEGACY);
    }
}
