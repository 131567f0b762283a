package dev.mortise.mcp.task;

import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.store.StoredTask;
import dev.mortise.mcp.store.TaskStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A task with its body read. Immutable: every change makes the next version. */
record Task(StoredTask row, TaskBody body) {
    static Task read(StoredTask row) {
        return new Task(row, TaskBody.read(row.body()));
    }

    String id() {
        return row.id();
    }

    TaskStatus status() {
        return row.status();
    }

    boolean isExpired(Instant now) {
        return row.expiresAt().isBefore(now);
    }

    /** Whether it should be running, and nobody runs it any more. */
    boolean isOrphan(Instant now) {
        StoredTask.Lease lease = row.lease();
        return row.status() == TaskStatus.WORKING
                && (lease == null || lease.until().isBefore(now));
    }

    boolean isWorkOf(String worker) {
        StoredTask.Lease lease = row.lease();
        return row.status() == TaskStatus.WORKING
                && lease != null
                && lease.worker().equals(worker);
    }

    /** Whether a client would notice the difference. */
    boolean tellsMoreThan(Task before) {
        return status() != before.status()
                || !Objects.equals(body.message(), before.body.message())
                || !body.inputs().keySet().equals(before.body.inputs().keySet());
    }

    /** Whether there is more progress to tell than before. */
    boolean isFurtherThan(Task before) {
        TaskBody.Client client = body.client();
        return client != null
                && client.token() != null
                && client.untold() != null
                && (before.body.client() == null
                        || !Objects.equals(
                                client.progress(), before.body.client().progress()));
    }

    /** Whether the tool itself says that it has failed. */
    boolean isToolError() {
        JsonNode result = body.result();
        return result != null && result.path("isError").asBoolean(false);
    }

    /** How the call that was charged has ended. */
    Settlement.Ending ending() {
        Settlement.Ending known = body.ending();
        if (known != null) {
            return known;
        }
        return switch (row.status()) {
            case COMPLETED -> isToolError() ? Settlement.Ending.TOOL_ERROR : Settlement.Ending.COMPLETED;
            case FAILED -> Settlement.Ending.REFUSED;
            case CANCELLED -> Settlement.Ending.CANCELLED;
            case WORKING, INPUT_REQUIRED -> throw new IllegalStateException("This task has not ended");
        };
    }

    /** Somebody works on it for longer, which is nothing that a client would notice. */
    Task leased(StoredTask.@Nullable Lease lease) {
        return next(row.status(), row.updatedAt(), row.expiresAt(), lease, body);
    }

    /** As {@link #leased(StoredTask.Lease)}, with what its call is charged by now. */
    Task leased(StoredTask.Lease lease, JsonNode call) {
        return next(row.status(), row.updatedAt(), row.expiresAt(), lease, body.withCall(call));
    }

    Task saying(String message, TaskBody.Progress progress, Instant now) {
        return next(row.status(), now, row.expiresAt(), row.lease(), body.saying(message, progress));
    }

    /** The client was told of the progress so far, which changes nothing for it. */
    Task told() {
        return next(row.status(), row.updatedAt(), row.expiresAt(), row.lease(), body.told());
    }

    Task asking(JsonNode paused, Map<String, TaskBody.Input> asked, Instant now) {
        return next(TaskStatus.INPUT_REQUIRED, now, row.expiresAt(), null, body.asking(paused, asked));
    }

    Task partlyAnswered(Map<String, TaskBody.Input> open, Map<String, JsonNode> answers, Instant now) {
        return next(row.status(), now, row.expiresAt(), row.lease(), body.answered(open, answers));
    }

    Task answered(Map<String, JsonNode> answers, StoredTask.Lease lease, Instant now) {
        return next(TaskStatus.WORKING, now, row.expiresAt(), lease, body.answered(Map.of(), answers));
    }

    /** @param settling who sees to the charges, and until when nobody else need */
    Task ended(TaskEnd end, JsonNode charges, Instant expiry, StoredTask.Lease settling, Instant now) {
        Instant expires = expiry.isAfter(row.expiresAt()) ? expiry : row.expiresAt();
        return next(end.status(), now, expires, settling, body.ended(charges, end));
    }

    Task settled() {
        return next(row.status(), row.updatedAt(), row.expiresAt(), null, body.settled());
    }

    private Task next(
            TaskStatus status, Instant updated, Instant expires, StoredTask.@Nullable Lease lease, TaskBody next) {
        return new Task(
                new StoredTask(
                        row.id(),
                        row.version() + 1,
                        row.owner(),
                        status,
                        row.createdAt(),
                        updated,
                        expires,
                        lease,
                        next.write()),
                next);
    }
}
