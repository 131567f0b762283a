package dev.mortise.mcp.store.redis;

import dev.mortise.mcp.internal.store.PlainText;
import dev.mortise.mcp.store.StoreKey;
import dev.mortise.mcp.store.StoredTask;
import dev.mortise.mcp.store.TaskStatus;
import dev.mortise.mcp.store.TaskStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tasks. {@code tasks.lua} describes the keys; in a cluster they share one slot. */
final class RedisTaskStore implements TaskStore {
    private static final Script INSERT = script("task-insert.lua");
    private static final Script FIND = script("task-find.lua");
    private static final Script REPLACE = script("task-replace.lua");
    private static final Script REMOVE = script("task-remove.lua");
    private static final Script OVERDUE = script("task-overdue.lua");
    private static final Script OF_OWNER = script("task-of-owner.lua");
    private static final int FIELDS = 10;

    private final Redis redis;
    private final byte[] tag;

    /** @param tag in braces, so that all keys share a slot */
    RedisTaskStore(Redis redis, byte[] tag) {
        this.redis = redis;
        this.tag = tag;
    }

    private static Script script(String file) {
        return Script.beside(RedisTaskStore.class, "tasks.lua", file);
    }

    @Override
    public Insertion insert(StoredTask task, int mostOfOwner, int mostInAll) {
        List<byte[]> arguments = new ArrayList<>(Text.all(
                StoreKey.of(task.id()),
                StoreKey.of(task.owner()),
                due(task),
                Integer.toString(mostOfOwner),
                Integer.toString(mostInAll)));
        arguments.addAll(fields(task));
        return switch (word(INSERT, arguments)) {
            case "added" -> Insertion.ADDED;
            case "owner-full" -> Insertion.OWNER_FULL;
            case "full" -> Insertion.FULL;
            default -> throw new IllegalArgumentException("There is a task " + task.id() + " already");
        };
    }

    @Override
    public Optional<StoredTask> find(String id) {
        return tasks(FIND, StoreKey.of(id)).stream().findFirst();
    }

    @Override
    public boolean replace(StoredTask next) {
        List<byte[]> arguments =
                new ArrayList<>(Text.all(StoreKey.of(next.id()), Long.toString(next.version() - 1), due(next)));
        arguments.addAll(fields(next));
        return word(REPLACE, arguments).equals("replaced");
    }

    @Override
    public boolean remove(String id, long version) {
        return word(REMOVE, Text.all(StoreKey.of(id), Long.toString(version))).equals("removed");
    }

    @Override
    public List<StoredTask> overdue(Instant now, int limit) {
        return tasks(OVERDUE, Long.toString(now.toEpochMilli()), Integer.toString(limit));
    }

    @Override
    public List<StoredTask> ofOwner(String owner, @Nullable String after, int limit) {
        return tasks(OF_OWNER, StoreKey.of(owner), after == null ? "-" : "(" + after, Integer.toString(limit));
    }

    private static String due(StoredTask task) {
        StoredTask.Lease lease = task.lease();
        long expires = task.expiresAt().toEpochMilli();
        return Long.toString(
                lease == null ? expires : Math.min(expires, lease.until().toEpochMilli()));
    }

    /** In the order of the names in {@code tasks.lua}. A task that nobody works on has an empty lease. */
    private static List<byte[]> fields(StoredTask task) {
        StoredTask.Lease lease = task.lease();
        return Text.all(
                task.id(),
                Long.toString(task.version()),
                PlainText.encode(task.owner()),
                task.status().name(),
                Long.toString(task.createdAt().toEpochMilli()),
                Long.toString(task.updatedAt().toEpochMilli()),
                Long.toString(task.expiresAt().toEpochMilli()),
                lease == null ? "" : PlainText.encode(lease.worker()),
                lease == null ? "" : Long.toString(lease.until().toEpochMilli()),
                PlainText.encode(task.body()));
    }

    private List<StoredTask> tasks(Script script, String... arguments) {
        List<byte[]> reply = redis.eval(script, List.of(tag), Text.all(arguments));
        List<StoredTask> tasks = new ArrayList<>(reply.size() / FIELDS);
        for (int i = 0; i < reply.size(); i += FIELDS) {
            tasks.add(task(reply.subList(i, i + FIELDS).stream().map(Text::of).toList()));
        }
        return tasks;
    }

    private static StoredTask task(List<String> fields) {
        return new StoredTask(
                fields.get(0),
                Long.parseLong(fields.get(1)),
                PlainText.decode(fields.get(2)),
                TaskStatus.valueOf(fields.get(3)),
                instant(fields.get(4)),
                instant(fields.get(5)),
                instant(fields.get(6)),
                fields.get(8).isEmpty()
                        ? null
                        : new StoredTask.Lease(PlainText.decode(fields.get(7)), instant(fields.get(8))),
                PlainText.decode(fields.get(9)));
    }

    private static Instant instant(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }

    private String word(Script script, List<byte[]> arguments) {
        return Text.of(redis.eval(script, List.of(tag), arguments).getFirst());
    }
}
