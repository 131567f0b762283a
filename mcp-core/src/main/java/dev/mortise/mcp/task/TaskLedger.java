package dev.mortise.mcp.task;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.internal.session.TaskNews;
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

    /** A task that is over before it could be asked for helps nobody. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

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

    /** How long a task is kept whose client would like it to be this long. */
    Duration ttl(@Nullable Duration wanted) {
        if (wanted == null || wanted.compareTo(limits.ttl()) > 0) {
            return limits.ttl();
        }
        return wanted.compareTo(SHORTEST) < 0 ? SHORTEST : wanted;
    }

    /** A new task that this process works on; not stored yet. */
    Task begun(String id, TaskOwner owner, Instant now, Instant expiry, TaskBody body) {
        return new Task(
                new StoredTask(id, 1, owner.key(), TaskStatus.WORKING, now, now, expiry, lease(), body.write()), body);
    }

    TaskStore.Insertion insert(Task task) {
        return store.insert(task.row(), limits.perCaller(), limits.inAll());
    }

    /** A task that can still be used; to anybody but its owner there is none. */
    Optional<Task> find(Call call, String id) {
        TaskOwner owner = TaskOwner.of(call);
        return store.find(id).map(Task::read).filter(owner::owns).filter(task -> !task.isExpired(now()));
    }

    /** The tasks of an owner that can still be used, in the order of their ids. */
    Stretch ofOwner(TaskOwner owner, @Nullable String after, int limit) {
        List<StoredTask> rows = store.ofOwner(owner.key(), after, limit);
        return new Stretch(
                rows.stream()
                        .map(Task::read)
                        .filter(owner::owns)
                        .filter(task -> !task.isExpired(now()))
                        .toList(),
                rows.size() < limit ? null : rows.get(rows.size() - 1).id());
    }

    /** @param last where the next stretch begins behind; {@code null} if there is none */
    record Stretch(List<Task> tasks, @Nullable String last) {}

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
                publish(current.get(), next);
                return Optional.of(next);
            }
        }
        throw new IllegalStateException("A task changes faster than it can be changed");
    }

    private void publish(Task before, Task next) {
        boolean more = next.tellsMoreThan(before);
        boolean further = next.isFurtherThan(before);
        if (more || further) {
            server.events().publish(new ServerEvent.TopicChanged(TOPIC, next.id()));
        }
        TaskBody.Client client = next.body().client();
        if (client != null && further) {
            server.events().publish(TaskNews.event(client.session(), TaskNews.Kind.PROGRESS, next.id()));
        } else if (client != null && more) {
            server.events().publish(TaskNews.event(client.session(), TaskNews.Kind.STATUS, next.id()));
        }
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
