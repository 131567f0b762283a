package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.schema.PromptArgument;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptCall;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.ServerEvents;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code prompts/get}. */
final class PromptsGet implements RpcMethod {
    private final Catalogue<Prompt> prompts;
    private final ServerEvents events;

    PromptsGet(Catalogue<Prompt> prompts, ServerEvents events) {
        this.prompts = prompts;
        this.events = events;
    }

    @Override
    public Binding bind(Caller caller, ObjectNode params) {
        JsonNode name = params.get("name");
        if (name == null || !name.isString()) {
            return Binding.refused(Refusal.InvalidParams.of("name must be the name of a prompt"));
        }
        Optional<Prompt> found = prompts.find(caller, name.stringValue());
        if (found.isEmpty()) {
            return Binding.notFound(Target.Kind.PROMPT, name.stringValue());
        }
        Prompt prompt = found.get();
        Target target = Target.of(Target.Kind.PROMPT, prompt.key(), prompt.attributes());
        return new Binding(target, call -> get(prompt, call));
    }

    private Outcome get(Prompt prompt, LiveCall call) {
        JsonNode given = call.params().get("arguments");
        if (given != null && !given.isObject()) {
            return invalid("arguments must be an object of strings");
        }
        Map<String, String> arguments = new LinkedHashMap<>();
        for (PromptArgument argument : prompt.definition().arguments()) {
            JsonNode value = given == null ? null : given.get(argument.name());
            if (value != null && !value.isString()) {
                return invalid("argument " + argument.name() + " must be a string");
            }
            if (value != null) {
                arguments.put(argument.name(), value.stringValue());
            } else if (argument.required()) {
                return invalid("prompt " + prompt.key() + " needs the argument " + argument.name());
            }
        }
        View view = new View(call, events, arguments);
        return Handling.run(
                call,
                () -> outcome(prompt.handler().handle(view)),
                reference -> new Outcome.Refused(new Refusal.Internal(reference)));
    }

    private static Outcome outcome(PromptOutcome outcome) {
        return switch (outcome) {
            case PromptOutcome.Done done -> new Outcome.Complete(done.result());
            case PromptOutcome.Ask ask -> new Outcome.InputRequired(ask.questions());
            case PromptOutcome.Refused refused -> new Outcome.Refused(refused.refusal());
        };
    }

    private static Outcome invalid(String message) {
        return new Outcome.Refused(Refusal.InvalidParams.of(message));
    }

    private static final class View extends HandlerView implements PromptCall {
        private final Map<String, String> arguments;

        View(LiveCall call, ServerEvents events, Map<String, String> arguments) {
            super(call, events);
            this.arguments = Map.copyOf(arguments);
        }

        @Override
        public Map<String, String> arguments() {
            return arguments;
        }
    }
}
