package dev.mortise.mcp.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.store.InMemoryTaskStore;
import dev.mortise.mcp.store.StoredTask;
import dev.mortise.mcp.store.TaskStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Live tasks stay alive, and their charges with them, whatever the store does. */
class TaskLeaseTest {
    record Yes(boolean yes) {}

    private static final Question<Yes> SURE = Question.form("sure", Yes.class, "Sure?");
    private static final Duration LEASE = Duration.ofMillis(300);

    /** A store that hangs on some tasks when they are changed, as a database with a locked row does. */
    private static final class Hanging implements TaskStore {
        private final TaskStore store = new InMemoryTaskStore();
        private final Set<String> stuck = ConcurrentHashMap.newKeySet();
        private final CountDownLatch loose = new CountDownLatch(1);

        @Override
        public Insertion insert(StoredTask task, int mostOfOwner, int mostInAll) {
            return store.insert(task, mostOfOwner, mostInAll);
        }

        @Override
        public Optional<StoredTask> find(String id) {
            return store.find(id);
        }

        @Override
        public boolean replace(StoredTask next) {
            if (stuck.contains(next.id())) {
                try {
                    loose.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return store.replace(next);
        }

        @Override
        public boolean remove(String id, long version) {
            return store.remove(id, version);
        }

        @Override
        public List<StoredTask> overdue(Instant now, int limit) {
            return store.overdue(now, limit);
        }

        @Override
        public List<StoredTask> ofOwner(String owner, @Nullable String after, int limit) {
            return store.ofOwner(owner, after, limit);
        }
    }

    private final CountDownLatch finish = new CountDownLatch(1);
    private final Hanging store = new Hanging();
    private final AtomicInteger tokens = new AtomicInteger();
    private final Queue<String> money = new ConcurrentLinkedQueue<>();
    private final Map<String, CountDownLatch> renewals = new ConcurrentHashMap<>();

    private final Settlement settlement = new Settlement() {
        @Override
        public String name() {
            return "money";
        }

        @Override
        public String suspend(String token) {
            return "suspended";
        }

        @Override
        public void renew(String token, Duration atLeast) {
            renewals.computeIfAbsent(token, absent -> new CountDownLatch(1)).countDown();
        }

        @Override
        public void settle(String token, Ending ending) {
            money.add(token + " " + ending);
        }
    };

    private McpServer replica(@Nullable Settlement charging) {
        var builder = McpServer.builder("test", "1")
                .shutdownGrace(Duration.ofMillis(1))
                .plugin(Tasks.builder().store(store).lease(LEASE).build())
                .tool(Tool.named("waits").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> {
                    finish.await();
                    return "done";
                }))
                .tool(Tool.named("asks").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> {
                    if (!(call.answer(SURE) instanceof Answer.Accepted<Yes>)) {
                        return ToolOutcome.ask(SURE);
                    }
                    finish.await();
                    return ToolOutcome.done("done");
                }));
        if (charging != null) {
            builder.settlement(charging).intercept(Stage.METER, (call, chain) -> {
                if (call.target().kind() == Target.Kind.TOOL) {
                    call.attach(charging, "token-" + tokens.incrementAndGet());
                }
                return chain.proceed(call);
            });
        }
        return builder.build();
    }

    @AfterEach
    void release() {
        store.loose.countDown();
        finish.countDown();
    }

    private StoredTask row(String id) {
        return store.find(id).orElseThrow();
    }

    private Instant leasedUntil(String id) {
        return Objects.requireNonNull(row(id).lease()).until();
    }

    private void untilRenewed(String id) {
        Instant before = leasedUntil(id);
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!leasedUntil(id).isAfter(before)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.yield();
        }
    }

    @Test
    void oneTaskThatTheStoreHangsOnDoesNotCostTheOthersTheirLeases() {
        McpServer server = replica(null);
        McpServer watcher = replica(null);
        TaskClient client = TaskClient.of(server);
        String stuck = client.beginId("waits", "{}");
        String lively = client.beginId("waits", "{}");
        store.stuck.add(stuck);
        // Many leases later it is still alive, for the replica that looks after the dead, too.
        for (int i = 0; i < 10; i++) {
            untilRenewed(lively);
        }
        assertThat(TaskClient.of(watcher).get(lively).path("status").stringValue())
                .isEqualTo("working");
        store.loose.countDown();
        finish.countDown();
        assertThat(client.until(lively, "completed").path("status").stringValue())
                .isEqualTo("completed");
        server.close();
        watcher.close();
    }

    @Test
    void workThatGoesOnHereIsNotGivenUpBecauseItsLeaseIsLate() {
        McpServer server = replica(null);
        TaskClient client = TaskClient.of(server);
        String id = client.beginId("waits", "{}");
        store.stuck.add(id);
        Instant end = leasedUntil(id);
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (Instant.now().isBefore(end.plusMillis(50))) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.yield();
        }
        // Its lease is over. Whoever asks for it here would be told that it has failed, were it given up now.
        assertThat(client.get(id).path("status").stringValue()).isEqualTo("working");
        store.stuck.clear();
        store.loose.countDown();
        finish.countDown();
        client.until(id, "completed");
        server.close();
    }

    @Test
    void whatALaterRoundIsChargedIsRenewedKeptAndSettled() throws Exception {
        McpServer server = replica(settlement);
        TaskClient client = TaskClient.of(server);
        String id = client.beginId("asks", "{}");
        String key = client.until(id, "input_required")
                .path("inputRequests")
                .propertyNames()
                .iterator()
                .next();
        client.update(id, "{'" + key + "':{'action':'accept','content':{'yes':true}}}");
        assertThat(renewals.computeIfAbsent("token-2", absent -> new CountDownLatch(1))
                        .await(20, TimeUnit.SECONDS))
                .isTrue();
        // If this process died now, whoever looks after the task would find the charge in its row.
        assertThat(row(id).body()).contains("token-2");
        finish.countDown();
        client.until(id, "completed");
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (money.isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.yield();
        }
        assertThat(money).containsExactly("token-2 COMPLETED");
        server.close();
    }
}
