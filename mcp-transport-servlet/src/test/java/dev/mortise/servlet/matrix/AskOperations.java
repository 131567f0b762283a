package dev.mortise.servlet.matrix;

import java.util.List;
import java.util.Map;

/** Questions of the server to the client. */
final class AskOperations {
    static final List<Operation> ALL = List.of(
            Operation.of(
                    "what can be asked",
                    "form true, page true, model true, model with tools true, roots true",
                    bench -> bench.call("can_ask")),
            Operation.of("form, accepted", "Zoë", bench -> bench.call("ask_name")),
            Operation.of("form, declined", "declined", bench -> bench.call("ask_declined")),
            Operation.of("form, dismissed", "dismissed", bench -> bench.call("ask_dismissed")),
            Operation.of("consent", "true", bench -> bench.call("ask_consent")),
            Operation.of("choice of one", "BLUE", bench -> bench.call("ask_one")),
            Operation.of("choice of several", "[\"RED\",\"BLUE\"]", bench -> bench.call("ask_several")),
            Operation.of("page", "opened", bench -> bench.call("ask_page")),
            Operation.of("sampling", "m-1", bench -> bench.call("ask_model")),
            Operation.of("sampling with tools", "m-1", bench -> bench.call("ask_model_with_tools")),
            Operation.of("roots", "file:///home", bench -> bench.call("ask_roots")),
            Operation.of("two questions in turn", "file:///home and m-1", bench -> bench.call("ask_twice")),
            Operation.of("resource that asks", "file:///home", bench -> ReadOperations.read(bench, "docs:///asks")),
            Operation.of("prompt that asks", "file:///home", bench -> ReadOperations.prompt(bench, "asks", Map.of())),
            Operation.of("roots of a client without", "error -32021", bench -> {
                try (var bare = bench.bareClient()) {
                    return bare.callTool("ask_roots", Map.of());
                }
            }));

    private AskOperations() {}
}
