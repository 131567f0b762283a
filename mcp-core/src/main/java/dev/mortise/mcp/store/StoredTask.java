package dev.mortise.mcp.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task as it is kept. A store looks at the fields and never into the body. Instants are exact to the millisecond.
 *
 * @param id unguessable; at most 64 ASCII characters
 * @param version 1 at first, one more after every change
 * @param owner whose it is: {@link dev.mortise.mcp.call.Caller#identity()}, or what stands for an address
 * @param updatedAt when a client would last have seen something change
 * @param expiresAt when it may be forgotten; before that it must not be
 * @param lease who works on it, if somebody does
 * @param body JSON: arguments, answers, charges, the result. As confidential as they are
 */
public record StoredTask(
        String id,
        long version,
        String owner,
        TaskStatus status,
        Instant createdAt,
        Instant updatedAt,
        Instant expiresAt,
        @Nullable Lease lease,
        String body) {

    /**
     * Somebody works on a task, and says so again before this ends. If it ends, they are taken for dead.
     *
     * @param worker one process
     */
    public record Lease(String worker, Instant until) {}

    /** Without the body, so that it does not get into a log. */
    @Override
    public String toString() {
        return "StoredTask[" + id + ", version " + version + ", " + status + ", " + lease + "]";
    }
}
