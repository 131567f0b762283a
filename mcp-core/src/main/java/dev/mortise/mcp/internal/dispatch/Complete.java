package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.schema.CompleteResult;
import dev.mortise.mcp.schema.Completion;
import dev.mortise.mcp.server.Completer;
import dev.mortise.mcp.server.CompletionCall;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.ResourceTemplate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code completion/complete}. */
final class Complete implements RpcMethod {
    private final Catalogue<Prompt> prompts;
    private final Catalogue<ResourceTemplate> templates;

    Complete(Catalogue<Prompt> prompts, Catalogue<ResourceTemplate> templates) {
        this.prompts = prompts;
        this.templates = templates;
    }

    @Override
    public Binding bind(Caller caller, ObjectNode params) {
        JsonNode ref = params.path("ref");
        return switch (ref.path("type").asString("")) {
            case "ref/prompt" -> ofPrompt(caller, ref.path("name").asString(""));
            case "ref/resource" -> ofTemplate(caller, ref.path("uri").asString(""));
            default -> Binding.refused(Refusal.InvalidParams.of("ref.type must be ref/prompt or ref/resource"));
        };
    }

    private Binding ofPrompt(Caller caller, String name) {
        Optional<Prompt> found = prompts.find(caller, name);
        if (found.isEmpty()) {
            return Binding.notFound(Target.Kind.PROMPT, name);
        }
        Prompt prompt = found.get();
        return new Binding(
                Target.of(Target.Kind.PROMPT, name, prompt.attributes()),
                call -> complete(call, prompt::has, prompt::completer));
    }

    private Binding ofTemplate(Caller caller, String uriTemplate) {
        Optional<ResourceTemplate> found = templates.find(caller, uriTemplate);
        if (found.isEmpty()) {
            return Binding.notFound(Target.Kind.RESOURCE_TEMPLATE, uriTemplate);
        }
        ResourceTemplate template = found.get();
        return new Binding(
                Target.of(Target.Kind.RESOURCE_TEMPLATE, uriTemplate, template.attributes()),
                call -> complete(call, template::has, template::completer));
    }

    private static Outcome complete(
            LiveCall call, Predicate<String> known, Function<String, Optional<Completer>> completers) {
        JsonNode argument = call.params().path("argument");
        JsonNode name = argument.path("name");
        JsonNode value = argument.path("value");
        if (!name.isString() || !value.isString()) {
            return invalid("argument needs a name and a value");
        }
        if (!known.test(name.stringValue())) {
            return invalid("there is no argument " + Excerpt.of(name.stringValue(), 128));
        }
        Map<String, String> context = new HashMap<>();
        for (Map.Entry<String, JsonNode> given :
                call.params().path("context").path("arguments").properties()) {
            if (!given.getValue().isString()) {
                return invalid("context.arguments must be strings");
            }
            context.put(given.getKey(), given.getValue().stringValue());
        }
        Optional<Completer> completer = completers.apply(name.stringValue());
        if (completer.isEmpty()) {
            return new Outcome.Complete(CompleteResult.of(Completion.NONE));
        }
        CompletionCall request = new CompletionCall(call.caller(), name.stringValue(), value.stringValue(), context);
        return Handling.run(
                call,
                () -> new Outcome.Complete(
                        CompleteResult.of(Completion.of(completer.get().complete(request)))),
                reference -> new Outcome.Refused(new Refusal.Internal(reference)));
    }

    private static Outcome invalid(String message) {
        return new Outcome.Refused(Refusal.InvalidParams.of(message));
    }
}
