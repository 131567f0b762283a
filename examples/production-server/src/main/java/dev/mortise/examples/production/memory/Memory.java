package dev.mortise.examples.production.memory;

import dev.mortise.mcp.json.Description;
import org.jspecify.annotations.Nullable;

/**
 * Something that one user wants to be remembered. Immutable.
 *
 * @param createdAt ISO 8601, in UTC
 */
@Description("Something that is remembered")
public record Memory(
        @Description("Names it, for forget and complete_task")
        String id,

        MemoryKind kind,
        String text,
        @Description("When it was remembered, in UTC") String createdAt,
        @Description("When a task is due") @Nullable String due,
        @Description("When a task was done") @Nullable String doneAt) {}
