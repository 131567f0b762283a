package dev.mortise.servlet.matrix;

import dev.mortise.mcp.schema.BlobResourceContents;
import dev.mortise.mcp.schema.Completion;
import dev.mortise.mcp.schema.PromptArgument;
import dev.mortise.mcp.schema.PromptDefinition;
import dev.mortise.mcp.schema.PromptReference;
import dev.mortise.mcp.schema.ResourceContents;
import dev.mortise.mcp.schema.ResourceDefinition;
import dev.mortise.mcp.schema.ResourceTemplateDefinition;
import dev.mortise.mcp.schema.ResourceTemplateReference;
import dev.mortise.mcp.schema.TextResourceContents;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Resources, templates, prompts, and completing their arguments. */
final class ReadOperations {
    private static final PromptReference OUTLINE = PromptReference.of("outline");

    static final List<Operation> ALL = List.of(
            Operation.of(
                    "list of resources",
                    "[docs:///asks, docs:///blob, docs:///text]",
                    bench -> bench.client()
                            .resources()
                            .map(ResourceDefinition::uri)
                            .toList()),
            Operation.of("title, size, annotations of a resource", "A text, 5, [USER], 0.5", bench -> {
                ResourceDefinition text = bench.client()
                        .resources()
                        .filter(one -> one.name().equals("text"))
                        .findFirst()
                        .orElseThrow();
                return text.title() + ", " + text.size() + ", "
                        + text.annotations().audience() + ", "
                        + text.annotations().priority();
            }),
            Operation.of("text of a resource", "hello", bench -> read(bench, "docs:///text")),
            Operation.of("bytes of a resource", "[1, 2, 3]", bench -> read(bench, "docs:///blob")),
            Operation.of(
                    "list of templates",
                    "[notes:///{name}]",
                    bench -> bench.client()
                            .resourceTemplates()
                            .map(ResourceTemplateDefinition::uriTemplate)
                            .toList()),
            Operation.of("resource of a template", "note a b", bench -> read(bench, "notes:///a%20b")),
            Operation.of("missing resource", "error -32602", bench -> read(bench, "docs:///nope")),
            Operation.of("missing resource of a template", "error -32602", bench -> read(bench, "notes:///none")),
            Operation.of(
                    "list of prompts",
                    "[asks, outline]",
                    bench ->
                            bench.client().prompts().map(PromptDefinition::name).toList()),
            Operation.of(
                    "arguments of a prompt",
                    "[document, language]",
                    bench -> bench.client()
                            .prompts()
                            .filter(prompt -> prompt.name().equals("outline"))
                            .flatMap(prompt -> prompt.arguments().stream())
                            .map(PromptArgument::name)
                            .toList()),
            Operation.of("prompt", "Outline x", bench -> prompt(bench, "outline", Map.of("document", "x"))),
            Operation.of("prompt without its argument", "error -32602", bench -> prompt(bench, "outline", Map.of())),
            Operation.of("unknown prompt", "error -32602", bench -> prompt(bench, "nope", Map.of())),
            Operation.of("completion of an argument", "[one, other] of 2", bench -> {
                Completion completion = bench.client().complete(OUTLINE, "document", "o");
                return completion.values() + " of " + completion.total();
            }),
            Operation.of(
                    "completion with another argument",
                    "[de-one]",
                    bench -> bench.client()
                            .complete(OUTLINE, "language", "de", Map.of("document", "one"))
                            .values()),
            Operation.of(
                    "completion of a variable",
                    "[beta]",
                    bench -> bench.client()
                            .complete(ResourceTemplateReference.of("notes:///{name}"), "name", "b")
                            .values()),
            Operation.of(
                    "completion of an unknown prompt",
                    "error -32602",
                    bench -> bench.client().complete(PromptReference.of("nope"), "document", "o")));

    private ReadOperations() {}

    static String read(Bench bench, String uri) {
        ResourceContents contents = bench.client().readResource(uri).contents().getFirst();
        return switch (contents) {
            case TextResourceContents text -> text.text();
            case BlobResourceContents blob -> Arrays.toString(blob.bytes());
        };
    }

    static String prompt(Bench bench, String name, Map<String, String> arguments) {
        return Bench.text(List.of(
                bench.client().getPrompt(name, arguments).messages().getFirst().content()));
    }
}
