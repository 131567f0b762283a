package dev.mortise.mcp.task;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.store.StoredTask;
import dev.mortise.mcp.store.TaskStatus;
import dev.mortise.mcp.store.TaskStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tasks of a server: reads them, changes them one version at a time, and tells those who listen. */
final class TaskLedger {
    /** As the topic of listen streams, and as the member that asks for it. */
    static final String TOPIC = "taskIds";

    private static final int MAX_ATTEMPTS = 100;
    private static final int ID_BYTES = 24;
    private static final int WORKER_BYTES = 9;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final TaskStore store;
    private final TaskLimits limits;
    private final RunningServer server;
    private final String worker = randomText(WORKER_BYTES);

    TaskLedger(TaskStore store, TaskLimits limits, RunningServer server) {
        this.store = store;
        this.limits = limits;
        this.server = server;
    }

    /** This process, in leases. */
    String worker() {
        return worker;
    }

    /** Stores keep milliseconds. */
    Instant now() {
        return server.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    }

    StoredTask.Lease lease() {
        return new StoredTask.Lease(worker, now().plus(limits.lease()));
    }

    /** A new id, which nobody can guess. */
    String newId() {
        return randomText(ID_BYTES);
    }

    /** When a task that begins now may be forgotten. */
    Instant expiry() {
        return now().plus(limits.ttl());
    }

    /** A new task that this process works on; not stored yet. */
    Task begun(String id, Caller owner, Instant expiry, TaskBody body) {
        Instant now = expiry.minus(limits.ttl());
        return new Task(
                new StoredTask(id, 1, owner.identity(), TaskStatus.WORKING, now, now, expiry, lease(), body.write()),
                body);
    }

    TaskStore.Insertion insert(Task task) {
        return store.insert(task.row(), limits.perCaller(), limits.inAll());
    }

    /** A task that can still be used; to anybody but its owner there is none. */
    Optional<Task> find(Caller caller, String id) {
        return store.find(id)
                .filter(row -> row.owner().equals(caller.identity()))
                .map(Task::read)
                .filter(task -> !task.isExpired(now()));
    }

    Optional<Task> find(String id) {
        return store.find(id).map(Task::read);
    }

    List<Task> overdue(int limit) {
        return store.overdue(now(), limit).stream().map(Task::read).toList();
    }

    void remove(Task task) {
        store.remove(task.id(), task.row().version());
    }

    /**
     * Changes a task, whatever others do to it meanwhile.
     *
     * @param step the next version, or {@code null} to leave it as it is; run again for every version that it meets
     * @return what the step made; empty if it left the task, or there is none
     */
    Optional<Task> change(String id, Function<Task, @Nullable Task> step) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Optional<Task> current = find(id);
            Task next = current.map(step).orElse(null);
            if (current.isEmpty() || next == null) {
                return Optional.empty();
            }
            if (store.replace(next.row())) {
                if (next.tellsMoreThan(current.get())) {
                    server.events().publish(new ServerEvent.TopicChanged(TOPIC, id));
                }
                return Optional.of(next);
            }
        }
        throw new IllegalStateException("A task changes faster than it can be changed");
    }

    /** When a task that ends now may be forgotten. */
    Instant keptUntil() {
        return now().plus(limits.keep());
    }

    Duration leaseTime() {
        return limits.lease();
    }

    private static String randomText(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
