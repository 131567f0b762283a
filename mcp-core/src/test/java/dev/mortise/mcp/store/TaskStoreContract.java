package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store of tasks does. A store of its own for each test. */
abstract class TaskStoreContract {
    static final Instant NOW = Instant.parse("2026-11-22T12:00:00.123Z");
    private static final Duration TTL = Duration.ofHours(1);

    abstract TaskStore store();

    private static StoredTask task(String id, String owner) {
        return at(id, owner, 1, TaskStatus.WORKING, new StoredTask.Lease("worker", NOW.plusSeconds(15)));
    }

    private static StoredTask at(
            String id, String owner, long version, TaskStatus status, StoredTask.@Nullable Lease lease) {
        return new StoredTask(
                id,
                version,
                owner,
                status,
                NOW,
                NOW,
                NOW.plus(TTL),
                lease,
                "{\"version\":" + version + ",\"ü\":\"\\u0000\"}");
    }

    private TaskStore.Insertion insert(StoredTask task) {
        return store().insert(task, 100, 1_000);
    }

    @Test
    void whatIsInsertedIsFoundAsItWas() {
        StoredTask task = task("a", "ada");
        assertThat(insert(task)).isEqualTo(TaskStore.Insertion.ADDED);
        assertThat(store().find("a")).contains(task);
        assertThat(store().find("b")).isEmpty();
        StoredTask parked = at("a", "ada", 2, TaskStatus.INPUT_REQUIRED, null);
        assertThat(store().replace(parked)).isTrue();
        assertThat(store().find("a")).contains(parked);
    }

    @Test
    void aVersionReplacesOnlyTheOneBeforeIt() {
        insert(task("a", "ada"));
        assertThat(store().replace(at("a", "ada", 3, TaskStatus.FAILED, null))).isFalse();
        assertThat(store().replace(at("a", "ada", 1, TaskStatus.FAILED, null))).isFalse();
        assertThat(store().replace(at("none", "ada", 2, TaskStatus.FAILED, null)))
                .isFalse();
        assertThat(store().find("a").orElseThrow().status()).isEqualTo(TaskStatus.WORKING);
        assertThat(store().replace(at("a", "ada", 2, TaskStatus.COMPLETED, null)))
                .isTrue();
        assertThat(store().replace(at("a", "ada", 2, TaskStatus.CANCELLED, null)))
                .isFalse();
        assertThat(store().find("a").orElseThrow().status()).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void ofManyWhoReplaceTheSameVersionOneSucceeds() throws Exception {
        insert(task("a", "ada"));
        TaskStore store = store();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> attempts = IntStream.range(0, 20)
                    .<Callable<Boolean>>mapToObj(
                            i -> () -> store.replace(at("a", "ada", 2, TaskStatus.COMPLETED, null)))
                    .toList();
            int successes = 0;
            for (Future<Boolean> attempt : threads.invokeAll(attempts)) {
                successes += attempt.get() ? 1 : 0;
            }
            assertThat(successes).isOne();
        }
    }

    @Test
    void onlyTheVersionThatWasSeenIsRemoved() {
        insert(task("a", "ada"));
        assertThat(store().remove("a", 2)).isFalse();
        assertThat(store().remove("a", 1)).isTrue();
        assertThat(store().remove("a", 1)).isFalse();
        assertThat(store().find("a")).isEmpty();
        assertThat(store().ofOwner("ada", null, 10)).isEmpty();
        assertThat(store().overdue(NOW.plus(TTL).plusSeconds(1), 10)).isEmpty();
    }

    @Test
    void aCallerAndAllTogetherHaveOnlySoMany() {
        assertThat(store().insert(task("a", "ada"), 2, 3)).isEqualTo(TaskStore.Insertion.ADDED);
        assertThat(store().insert(task("b", "ada"), 2, 3)).isEqualTo(TaskStore.Insertion.ADDED);
        assertThat(store().insert(task("c", "ada"), 2, 3)).isEqualTo(TaskStore.Insertion.OWNER_FULL);
        assertThat(store().insert(task("d", "bob"), 2, 3)).isEqualTo(TaskStore.Insertion.ADDED);
        assertThat(store().insert(task("e", "bob"), 2, 3)).isEqualTo(TaskStore.Insertion.FULL);
        store().remove("a", 1);
        assertThat(store().insert(task("f", "ada"), 2, 3)).isEqualTo(TaskStore.Insertion.ADDED);
    }

    @Test
    void overdueIsWhatHasNoLeaseAnyMoreOrHasExpiredTheLongestFirst() {
        insert(at("leased", "ada", 1, TaskStatus.WORKING, new StoredTask.Lease("w", NOW.plusSeconds(20))));
        insert(at("sooner", "ada", 1, TaskStatus.WORKING, new StoredTask.Lease("w", NOW.plusSeconds(10))));
        insert(at("parked", "ada", 1, TaskStatus.INPUT_REQUIRED, null));
        assertThat(ids(store().overdue(NOW.plusSeconds(10), 10))).isEmpty();
        assertThat(ids(store().overdue(NOW.plusSeconds(11), 10))).containsExactly("sooner");
        assertThat(ids(store().overdue(NOW.plusSeconds(21), 10))).containsExactly("sooner", "leased");
        assertThat(ids(store().overdue(NOW.plusSeconds(21), 1))).containsExactly("sooner");
        assertThat(ids(store().overdue(NOW.plus(TTL).plusMillis(1), 10))).containsExactly("sooner", "leased", "parked");
        store().replace(at("sooner", "ada", 2, TaskStatus.WORKING, new StoredTask.Lease("w", NOW.plusSeconds(60))));
        assertThat(ids(store().overdue(NOW.plusSeconds(21), 10))).containsExactly("leased");
    }

    @Test
    void theTasksOfAnOwnerComeInTheOrderOfTheirIds() {
        insert(task("c", "ada"));
        insert(task("a", "ada"));
        insert(task("B", "ada"));
        insert(task("x", "bob"));
        assertThat(ids(store().ofOwner("ada", null, 10))).containsExactly("B", "a", "c");
        assertThat(ids(store().ofOwner("ada", null, 2))).containsExactly("B", "a");
        assertThat(ids(store().ofOwner("ada", "a", 2))).containsExactly("c");
        assertThat(ids(store().ofOwner("ada", "b", 2))).containsExactly("c");
        assertThat(ids(store().ofOwner("nobody", null, 2))).isEmpty();
    }

    private static List<String> ids(List<StoredTask> tasks) {
        return tasks.stream().map(StoredTask::id).toList();
    }
}
