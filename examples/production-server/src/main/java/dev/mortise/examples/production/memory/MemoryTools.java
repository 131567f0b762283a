package dev.mortise.examples.production.memory;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolKind;
import dev.mortise.examples.production.tool.ToolText;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.json.Bounds;
import dev.mortise.mcp.json.DefaultValue;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Format;
import dev.mortise.mcp.json.Length;
import dev.mortise.mcp.server.ToolCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a user wants to be remembered from one conversation to the next. */
public final class MemoryTools implements McpServer.Plugin {
    private static final Duration TIMEOUT = Duration.ofSeconds(8);
    static final int LONGEST = 4_000;

    private final MemoryStore store;

    public MemoryTools(MemoryStore store) {
        this.store = store;
    }

    record Remember(
            @Description("What to remember, as a sentence that will still be understood in a year")
            @Length(min = 1, max = LONGEST)
            String text,

            @Description("FACT: something that is so. PREFERENCE: how the user wants things. TASK: to be done")
            @DefaultValue("FACT")
            MemoryKind kind,

            @Description("For a task: by which day") @Format("date") @Nullable
            String due) {}

    record Recall(
            @Description("What it should be about, in a few words") @Length(min = 1, max = 500)
            String about,

            @Nullable MemoryKind kind,
            @DefaultValue("10") @Bounds(min = 1, max = 50) int limit) {}

    record Id(
            @Description("The id that remember, recall or list_memories gave") @Length(min = 1, max = 64)
            String id) {}

    record Choice(
            @Nullable MemoryKind kind,

            @Description("Whether tasks that are done are shown, too") @DefaultValue("false")
            boolean done,

            @DefaultValue("0") @Bounds(min = 0, max = MemoryStore.MOST)
            int offset,

            @DefaultValue("50") @Bounds(min = 1, max = 200) int limit) {}

    record Nothing() {}

    record Memories(
            List<Memory> memories,

            @Description("How many there are in all that fit")
            int total) {}

    record Forgotten(@Description("How many were forgotten") int forgotten) {}

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(ToolKind.ADDS_OWN
                        .named("remember", "Remember", TIMEOUT)
                        .description("Remembers a fact, a preference or a task for this user, in this and in later"
                                + " conversations. Use it when the user asks for it, or says something about themselves"
                                + " that will matter again. Never for passwords or other secrets.")
                        .takes(Remember.class)
                        .gives(Memory.class)
                        .by(this::remember))
                .tool(ToolKind.READS_OWN
                        .named("recall", "Recall", TIMEOUT)
                        .description(
                                "Finds what is remembered about something, the best first. Use it before asking the"
                                        + " user what they may have said before. It goes by words, in any language: try others"
                                        + " if nothing is found.")
                        .takes(Recall.class)
                        .gives(Memories.class)
                        .by((in, call) -> {
                            List<Memory> all = store.all(owner(call), in.kind());
                            List<Memory> best = Relevance.best(all, in.about(), in.limit());
                            return new Memories(best, best.size());
                        }))
                .tool(ToolKind.READS_OWN
                        .named("list_memories", "List memories", TIMEOUT)
                        .description("Lists what is remembered, the latest first: all of it, or one kind, such as open"
                                + " tasks.")
                        .takes(Choice.class)
                        .gives(Memories.class)
                        .by(this::list))
                .tool(ToolKind.CHANGES_OWN
                        .named("complete_task", "Complete a task", TIMEOUT)
                        .description("Marks a remembered task as done. It stays until it is forgotten.")
                        .takes(Id.class)
                        .gives(Memory.class)
                        .by((in, call) -> store.complete(owner(call), in.id())
                                .orElseThrow(() -> new CannotAnswer(ToolText.NO_TASK, in.id()))))
                .tool(ToolKind.CHANGES_OWN
                        .named("forget", "Forget", TIMEOUT)
                        .description(
                                "Forgets one memory for good, by its id; to forget what is no longer so, before the new is"
                                        + " remembered.")
                        .takes(Id.class)
                        .gives(Forgotten.class)
                        .by((in, call) -> new Forgotten(store.remove(owner(call), in.id()) ? 1 : 0)))
                .tool(ToolKind.ERASES_OWN
                        .named("erase_memories", "Erase all memories", TIMEOUT)
                        .description(
                                "Erases everything that is remembered for this user, for good. Somebody has to approve"
                                        + " the call first: call it, tell the user, and call it again once it is approved.")
                        .takes(Nothing.class)
                        .gives(Forgotten.class)
                        .by((in, call) -> new Forgotten(store.removeAll(owner(call)))));
        MemoryResources.install(builder, store);
    }

    private static String owner(ToolCall call) {
        return call.caller().identity();
    }

    private Memory remember(Remember in, ToolCall call) throws CannotAnswer {
        if (in.due() != null && in.kind() != MemoryKind.TASK) {
            throw new CannotAnswer(ToolText.ONLY_TASKS_ARE_DUE);
        }
        if (in.text().isBlank()
                || in.text().indexOf(0) >= 0
                || !StandardCharsets.UTF_8.newEncoder().canEncode(in.text())) {
            throw new CannotAnswer(ToolText.NOTHING_TO_KEEP);
        }
        Optional<Memory> added = store.add(owner(call), in.kind(), in.text().strip(), in.due());
        if (added.isEmpty()) {
            throw new CannotAnswer(ToolText.TOO_MANY_MEMORIES, MemoryStore.MOST);
        }
        return added.get();
    }

    private Memories list(Choice in, ToolCall call) {
        return new Memories(
                store.list(owner(call), in.kind(), in.done(), in.offset(), in.limit()),
                store.count(owner(call), in.kind(), in.done()));
    }
}
