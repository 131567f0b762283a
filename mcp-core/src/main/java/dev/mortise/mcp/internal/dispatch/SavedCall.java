package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.internal.era.Era;
import dev.mortise.mcp.internal.state.Dialogue;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.store.PendingInputStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call of a tool as it is kept between its rounds, where it does not travel through the client: what was asked for,
 * what its client can do, and what the call has learned so far.
 */
record SavedCall(ObjectNode params, JsonNode capabilities, JsonNode dialogue) {
    private static final List<String> OF_THE_REQUEST = List.of("_meta", "inputResponses", "requestState");

    /** @param dialogue as {@link Dialogue#pause} made it */
    static JsonNode of(LiveCall call, byte[] dialogue) {
        ObjectNode params = call.params().deepCopy();
        params.remove(OF_THE_REQUEST);
        ObjectNode state = Json.object();
        state.set("params", params);
        state.set("capabilities", Json.tree(call.context().capabilities()));
        state.set("dialogue", Json.mapper().readTree(dialogue));
        return state;
    }

    static SavedCall from(JsonNode state) {
        if (state.get("params") instanceof ObjectNode params && state.path("dialogue") instanceof ObjectNode dialogue) {
            return new SavedCall(params, state.path("capabilities"), dialogue);
        }
        throw new IllegalArgumentException("This is not the state of a call");
    }

    /** The charges by the names of their settlements. */
    Map<String, String> charges() {
        Map<String, String> charges = new TreeMap<>();
        dialogue.path("charges")
                .properties()
                .forEach(
                        charge -> charges.put(charge.getKey(), charge.getValue().asString("")));
        return charges;
    }

    /** This, which was read from a state, with other charges; the state itself if they are the same. */
    JsonNode recharged(JsonNode state, Map<String, String> now) {
        if (charges().equals(now)) {
            return state;
        }
        ObjectNode changed = (ObjectNode) state.deepCopy();
        changed.withObjectProperty("dialogue").set("charges", Json.tree(now));
        return changed;
    }

    /** @throws IllegalArgumentException if it is too late */
    LiveCall resume(
            Target target,
            Map<String, JsonNode> answers,
            CallContext context,
            PendingInputStore pendingInputs,
            Instant now) {
        Dialogue resumed = Dialogue.resume(Json.write(dialogue), answers, now);
        if (resumed == null) {
            throw new IllegalArgumentException("The time for this call is over");
        }
        // What the client could do when it began the call holds for the whole of it; where to report progress does not.
        CallContext original = new CallContext(
                context.caller(),
                context.origin(),
                context.version(),
                context.client(),
                ClientCapabilities.from(capabilities),
                null,
                null,
                context.meta(),
                context.wording());
        return new LiveCall(
                new Message.Request(RequestId.of("resumed"), "tools/call", params),
                new Era.Opening.Opened(original, resumed, null),
                target,
                new NoExchange(context.origin()),
                pendingInputs);
    }
}
