package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.server.ToolOutcome;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code tools/call}. */
final class ToolsCall implements RpcMethod {
    private final Catalogue<Tool> tools;
    private final ServerEvents events;

    ToolsCall(Catalogue<Tool> tools, ServerEvents events) {
        this.tools = tools;
        this.events = events;
    }

    @Override
    public Binding bind(Caller caller, ObjectNode params) {
        JsonNode name = params.get("name");
        if (name == null || !name.isString()) {
            return Binding.refused(Refusal.InvalidParams.of("name must be the name of a tool"));
        }
        Optional<Tool> found = tools.find(caller, name.stringValue());
        if (found.isEmpty()) {
            return Binding.notFound(Target.Kind.TOOL, name.stringValue());
        }
        Tool tool = found.get();
        Target target = Target.of(Target.Kind.TOOL, tool.key(), tool.attributes());
        return new Binding(target, call -> call(tool, call));
    }

    private Outcome call(Tool tool, LiveCall call) {
        Optional<Refusal> objection = objection(tool, call);
        if (objection.isPresent()) {
            return new Outcome.Refused(objection.get());
        }
        View view = new View(call, events, arguments(call));
        return Handling.run(call, () -> outcome(tool.run(view)), reference -> failed(tool, call, reference));
    }

    /** What refuses a call before its tool is asked. */
    static Optional<Refusal> objection(Tool tool, LiveCall call) {
        JsonNode given = call.params().get("arguments");
        if (given != null && !given.isObject()) {
            return Optional.of(Refusal.InvalidParams.of("arguments must be an object"));
        }
        Function<String, List<String>> headers = call.mirroredHeaders();
        return headers == null
                ? Optional.empty()
                : tool.mirroredHeaders().mismatch(headers, arguments(call)).map(Refusal.HeaderMismatch::new);
    }

    private static ObjectNode arguments(LiveCall call) {
        return call.params().get("arguments") instanceof ObjectNode given ? given : Json.object();
    }

    private static Outcome outcome(ToolOutcome outcome) {
        return switch (outcome) {
            case ToolOutcome.Done done -> new Outcome.Complete(done.result());
            case ToolOutcome.Ask ask -> new Outcome.InputRequired(ask.questions());
            case ToolOutcome.Refused refused -> new Outcome.Refused(refused.refusal());
        };
    }

    /** A result and not a protocol error, so that the model learns of it (schema: CallToolResult.isError). */
    private static Outcome failed(Tool tool, LiveCall call, String reference) {
        return new Outcome.Complete(
                CallToolResult.error(call.context().wording().toolFailed(tool.key(), reference)));
    }

    private static final class View extends HandlerView implements ToolCall {
        private final ObjectNode arguments;

        View(LiveCall call, ServerEvents events, ObjectNode arguments) {
            super(call, events);
            this.arguments = arguments;
        }

        @Override
        public ObjectNode arguments() {
            return arguments;
        }
    }
}
