package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for every {@link TaskStore}. */
@Timeout(60)
abstract class TaskStoreContract {
    static final Instant START = Instant.parse("2026-11-22T12:00:00.123Z");

    StoreHome home;
    TaskStore one;
    TaskStore other;

    abstract StoreHome open();

    @BeforeEach
    void connect() {
        home = open();
        one = home.tasks();
        other = home.tasks();
    }

    @AfterEach
    void closeHome() throws Exception {
        home.close();
    }

    static StoredTask task(String id, String owner) {
        return task(id, owner, 1, START.plusSeconds(600), null, "{}");
    }

    static StoredTask task(
            String id, String owner, long version, Instant expires, StoredTask.@Nullable Lease lease, String body) {
        return new StoredTask(
                id, version, owner, TaskStatus.WORKING, START, START.plusMillis(version), expires, lease, body);
    }

    static StoredTask next(StoredTask task, String body) {
        return task(task.id(), task.owner(), task.version() + 1, task.expiresAt(), task.lease(), body);
    }

    private void add(StoredTask task) {
        assertThat(one.insert(task, 100, 1000)).isEqualTo(TaskStore.Insertion.ADDED);
    }

    @Test
    void whatOneReplicaAddsTheOtherFinds() {
        StoredTask idle = task("a", "me");
        StoredTask leased =
                task("b", "me", 1, START.plusSeconds(9), new StoredTask.Lease("worker", START.plusSeconds(5)), "{1}");
        add(idle);
        add(leased);
        assertThat(other.find("a")).contains(idle);
        assertThat(other.find("b")).contains(leased);
        for (String id : List.of("", "c", "\u0000", "\ud800", "x".repeat(10_000))) {
            assertThat(other.find(id)).isEmpty();
        }
        assertThatThrownBy(() -> other.insert(task("a", "you"), 100, 1000))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(other.find("a")).contains(idle);
    }

    @Test
    void everyValueComesBackAsItWas() {
        List<String> texts =
                List.of("", "\u0000", "\ud800\"", "\\u0000", "a\\b", "Ünïcode 🙂", "x".repeat(300_000), "'; --", "{g}");
        for (String text : texts) {
            StoredTask task = task(
                    "id-" + texts.indexOf(text),
                    text,
                    1,
                    START,
                    new StoredTask.Lease(text, START.plusSeconds(1)),
                    text);
            add(task);
            assertThat(other.find(task.id())).contains(task);
            assertThat(other.ofOwner(text, null, 10)).containsExactly(task);
        }
        for (TaskStatus status : TaskStatus.values()) {
            StoredTask task = new StoredTask("s-" + status, 1, "me", status, START, START, Instant.EPOCH, null, "{}");
            add(task);
            assertThat(other.find(task.id())).contains(task);
        }
    }

    @Test
    void aVersionIsReplacedByTheNextOnly() {
        StoredTask first = task("a", "me");
        add(first);
        StoredTask second = next(first, "second");
        assertThat(other.replace(second)).isTrue();
        assertThat(one.replace(second)).isFalse();
        assertThat(one.replace(next(next(second, "third"), "fourth"))).isFalse();
        assertThat(one.find("a")).contains(second);
        assertThat(one.replace(next(task("none", "me"), "x"))).isFalse();
    }

    @Test
    void ofManyAtTheSameMomentOneWins() throws Exception {
        StoredTask current = task("a", "me");
        add(current);
        for (int i = 0; i < 10; i++) {
            AtomicInteger writer = new AtomicInteger();
            StoredTask before = current;
            assertThat(Race.winners(
                            List.of(one, other),
                            store -> store.replace(next(before, "by " + writer.incrementAndGet()))))
                    .isEqualTo(1);
            current = one.find("a").orElseThrow();
        }
        StoredTask last = current;
        assertThat(last.version()).isEqualTo(11);
        assertThat(Race.winners(List.of(one, other), store -> store.remove("a", 11)))
                .isEqualTo(1);
    }

    @Test
    void onlyTheVersionThatWasSeenIsRemoved() {
        StoredTask task = task("a", "me");
        add(task);
        assertThat(other.remove("a", 2)).isFalse();
        assertThat(other.find("a")).isPresent();
        assertThat(other.remove("a", 1)).isTrue();
        assertThat(one.find("a")).isEmpty();
        assertThat(one.remove("a", 1)).isFalse();
        assertThat(one.ofOwner("me", null, 10)).isEmpty();
        assertThat(one.overdue(START.plusSeconds(9999), 10)).isEmpty();
        add(task);
    }

    @Test
    void ownersAndTheWholeAreBounded() {
        for (int i = 0; i < 3; i++) {
            assertThat(one.insert(task("mine-" + i, "me"), 3, 5)).isEqualTo(TaskStore.Insertion.ADDED);
        }
        assertThat(one.insert(task("mine-3", "me"), 3, 5)).isEqualTo(TaskStore.Insertion.OWNER_FULL);
        assertThat(one.insert(task("yours-0", "you"), 3, 5)).isEqualTo(TaskStore.Insertion.ADDED);
        assertThat(one.insert(task("theirs-0", "they"), 3, 5)).isEqualTo(TaskStore.Insertion.ADDED);
        assertThat(one.insert(task("theirs-1", "they"), 3, 5)).isEqualTo(TaskStore.Insertion.FULL);
        assertThat(one.find("theirs-1")).isEmpty();
        assertThat(one.remove("mine-0", 1)).isTrue();
        Eventually.holds(
                "there is room", () -> one.insert(task("theirs-1", "they"), 3, 5) == TaskStore.Insertion.ADDED);
    }

    @Test
    void theLongestOverdueComeFirst() {
        add(task("expires-later", "me", 1, START.plusSeconds(50), null, "{}"));
        add(task("expires", "me", 1, START.plusSeconds(20), null, "{}"));
        StoredTask worked = task(
                "worked-on", "me", 1, START.plusSeconds(600), new StoredTask.Lease("w", START.plusSeconds(10)), "{}");
        add(worked);
        add(task(
                "lease-outlives-it",
                "me",
                1,
                START.plusSeconds(5),
                new StoredTask.Lease("w", START.plusSeconds(99)),
                "{}"));

        assertThat(ids(other.overdue(START.plusSeconds(5), 10))).isEmpty();
        assertThat(ids(other.overdue(START.plusSeconds(30), 10)))
                .containsExactly("lease-outlives-it", "worked-on", "expires");
        assertThat(ids(other.overdue(START.plusSeconds(30), 2))).containsExactly("lease-outlives-it", "worked-on");

        StoredTask renewed = task(
                "worked-on", "me", 2, START.plusSeconds(600), new StoredTask.Lease("w", START.plusSeconds(40)), "{}");
        assertThat(one.replace(renewed)).isTrue();
        assertThat(ids(other.overdue(START.plusSeconds(30), 10))).containsExactly("lease-outlives-it", "expires");
    }

    @Test
    void anOwnersTasksAreListedInTheOrderOfTheirIds() {
        for (String id : List.of("b", "B", "a", "aa", "Z", "-", "_", "0")) {
            add(task(id, "me"));
        }
        add(task("ab", "you"));
        assertThat(ids(other.ofOwner("me", null, 100))).containsExactly("-", "0", "B", "Z", "_", "a", "aa", "b");
        assertThat(ids(other.ofOwner("me", "_", 2))).containsExactly("a", "aa");
        assertThat(ids(other.ofOwner("me", "ab", 2)))
                .as("after an id that is not theirs")
                .containsExactly("b");
        assertThat(other.ofOwner("nobody", null, 10)).isEmpty();
    }

    private static List<String> ids(List<StoredTask> tasks) {
        return tasks.stream().map(StoredTask::id).toList();
    }
}
