package dev.mortise.examples.production.memory;

import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.server.ResourceCall;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.security.SecurityLevel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Memories as something to read: a kind of them, and each by itself. */
final class MemoryResources {
    private MemoryResources() {}

    private static String name(MemoryKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    static void install(McpServerBuilder builder, MemoryStore store) {
        builder.resourceTemplate(ResourceTemplate.at("mortise://memories/{kind}", "memories")
                        .title("Memories of a kind")
                        .description("What is remembered for you: fact, preference or task")
                        .mimeType("text/markdown")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                        .complete(
                                "kind",
                                typed -> Arrays.stream(MemoryKind.values())
                                        .map(MemoryResources::name)
                                        .filter(name -> name.startsWith(typed.value()))
                                        .toList())
                        .read(call -> kind(call.variable("kind"))
                                .map(kind -> page(call, store.all(call.caller().identity(), kind)))
                                .orElseGet(ResourceOutcome::notFound)))
                .resourceTemplate(ResourceTemplate.at("mortise://memory/{id}", "memory")
                        .title("One memory")
                        .description("Something that is remembered for you, by its id")
                        .mimeType("text/plain")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                        .read(call -> store.find(call.caller().identity(), call.variable("id"))
                                .map(memory -> ResourceOutcome.found(call.text(memory.text())))
                                .orElseGet(ResourceOutcome::notFound)));
    }

    private static Optional<MemoryKind> kind(String name) {
        return Arrays.stream(MemoryKind.values())
                .filter(kind -> name(kind).equals(name))
                .findFirst();
    }

    private static ResourceOutcome page(ResourceCall call, List<Memory> memories) {
        StringBuilder page = new StringBuilder();
        for (Memory memory : memories) {
            String box = memory.kind() == MemoryKind.TASK ? memory.doneAt() == null ? "[ ] " : "[x] " : "";
            String due = memory.due() == null ? "" : " (due " + memory.due() + ")";
            page.append("- ")
                    .append(box)
                    .append(memory.text().replace("\n", "\n  "))
                    .append(due)
                    .append('\n');
        }
        return ResourceOutcome.found(call.text(page.toString()));
    }
}
