package dev.mortise.mcp.task;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.InMemoryTaskStore;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.TaskStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Two replicas on one store, of which one dies; and what every end costs. */
class TaskRecoveryTest {
    record Name(String name) {}

    private static final Question<Name> NAME = Question.form("name", Name.class, "Who?");
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Duration TTL = Duration.ofHours(2);
    private static final Duration KEEP = Duration.ofHours(1);

    /** What was charged, in the order in which it was settled. */
    private static final class Ledger implements Settlement {
        private volatile boolean down;
        private final List<String> entries = Collections.synchronizedList(new ArrayList<>());

        @Override
        public String name() {
            return "ledger";
        }

        @Override
        public String suspend(String token) {
            entries.add("suspend " + token);
            return "quoted";
        }

        @Override
        public CallToolResult receipt(String token, CallToolResult result) {
            return result.withMeta(result.meta().with("test/receipt", Json.tree(token)));
        }

        @Override
        public void settle(String token, Ending ending) {
            if (down) {
                throw new StoreUnavailable("The ledger is down");
            }
            entries.add("settle " + token + " " + ending);
        }
    }

    private final ManualClock clock = new ManualClock();
    private final TaskStore store = new InMemoryTaskStore();
    private final Ledger ledger = new Ledger();
    private final CountDownLatch finish = new CountDownLatch(1);
    private final AtomicInteger runs = new AtomicInteger();
    private final Tasks tasksOfA = tasks();
    private final Tasks tasksOfB = tasks();
    private final McpServer a = replica(tasksOfA).build();
    private final McpServer b = replica(tasksOfB).build();
    private final TaskClient atA = TaskClient.of(a);
    private final TaskClient atB = TaskClient.of(b);

    @AfterEach
    void close() {
        finish.countDown();
        a.close();
        b.close();
    }

    /** With leases so long that only the test renews them. */
    private Tasks tasks() {
        return Tasks.builder().store(store).ttl(TTL).keep(KEEP).lease(LEASE).build();
    }

    private McpServerBuilder replica(Tasks tasks) {
        return McpServer.builder("test", "1")
                .clock(clock)
                .plugin(tasks)
                .shutdownGrace(Duration.ZERO)
                .settlement(ledger)
                .intercept(Stage.METER, (call, chain) -> {
                    if (call.method().equals("tools/call")) {
                        call.attach(
                                ledger,
                                call.attached(ledger)
                                        .map(token -> token + " again")
                                        .orElse("held"));
                    }
                    return chain.proceed(call);
                })
                .tool(Tool.named("waits").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> {
                    finish.await();
                    return "done";
                }))
                .tool(Tool.named("repeatable")
                        .annotations(ToolAnnotations.builder().idempotent(true).build())
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) -> {
                            if (runs.incrementAndGet() == 1) {
                                new CountDownLatch(1).await();
                            }
                            return "done in run " + runs;
                        }))
                .tool(Tool.named("quick").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> "done"))
                .tool(Tool.named("talks").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> {
                    for (int i = 1; i <= 20; i++) {
                        call.progress(i, 20);
                    }
                    return "done";
                }))
                .tool(Tool.named("fails")
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) -> ToolOutcome.failed("no")))
                .tool(Tool.named("refuses")
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) -> ToolOutcome.refused(Refusal.InvalidParams.of("no"))))
                .tool(Tool.named("asks")
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) -> call.answer(NAME) instanceof Answer.Accepted<Name> ok
                                ? "Hello " + ok.value().name()
                                : ask(NAME)));
    }

    private void untilSettled(String... entries) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (ledger.entries.size() < entries.length && System.nanoTime() < deadline) {
            Thread.yield();
        }
        assertThat(ledger.entries).containsExactly(entries);
    }

    @Test
    void anyReplicaAnswersForATaskAndHasItGoOn() {
        String id = atA.beginId("asks", "{}");
        JsonNode asking = atB.until(id, "input_required");
        String key = asking.path("inputRequests").propertyNames().iterator().next();
        atB.update(id, "{'" + key + "':{'action':'accept','content':{'name':'Ada'}}}")
                .result();
        assertThat(atA.until(id, "completed").at("/result/content/0/text").stringValue())
                .isEqualTo("Hello Ada");
        untilSettled("suspend held", "settle quoted again COMPLETED");
    }

    @Test
    void aTaskWhoseWorkerDiedFailsWithAReasonWhenItsLeaseEnds() {
        String id = atA.beginId("waits", "{}");
        clock.pass(LEASE.minusSeconds(1));
        tasksOfB.tend();
        assertThat(atB.get(id).path("status").stringValue()).isEqualTo("working");
        clock.pass(Duration.ofSeconds(2));
        tasksOfB.tend();
        JsonNode failed = atB.get(id);
        assertThat(failed.path("status").stringValue()).isEqualTo("failed");
        assertThat(failed.path("statusMessage").stringValue()).contains("stopped before it was done");
        assertThat(failed.at("/error/code").intValue()).isEqualTo(-32603);
        untilSettled("settle held REFUSED");

        // It was not dead after all: what it brings is too late, and costs nothing.
        finish.countDown();
        tasksOfA.tend();
        assertThat(atA.get(id).path("status").stringValue()).isEqualTo("failed");
        assertThat(ledger.entries).hasSize(1);
    }

    @Test
    void aTaskIsFoundDeadByItsOwnerEvenIfNobodyTendsIt() {
        String id = atA.beginId("waits", "{}");
        clock.pass(LEASE.plusSeconds(1));
        assertThat(atB.get(id).path("status").stringValue()).isEqualTo("failed");
        untilSettled("settle held REFUSED");
    }

    @Test
    void aRenewedLeaseKeepsATaskAlive() {
        String id = atA.beginId("waits", "{}");
        clock.pass(LEASE.minusSeconds(1));
        tasksOfA.tend();
        clock.pass(LEASE.minusSeconds(1));
        tasksOfB.tend();
        assertThat(atB.get(id).path("status").stringValue()).isEqualTo("working");
        finish.countDown();
        atB.until(id, "completed");
        untilSettled("settle held COMPLETED");
    }

    @Test
    void aTaskThatEndsWhileItsMessageIsStoredIsEndedAllTheSame() {
        for (int i = 0; i < 50; i++) {
            atA.until(atA.beginId("talks", "{}"), "completed");
        }
        untilSettled(Collections.nCopies(50, "settle held COMPLETED").toArray(String[]::new));
    }

    @Test
    void aToolThatMayBeRepeatedIsRunAgainForTheOwnerWhoAsks() {
        String id = atA.beginId("repeatable", "{}");
        while (runs.get() == 0) {
            Thread.yield();
        }
        clock.pass(LEASE.plusSeconds(1));
        tasksOfB.tend();
        assertThat(store.find(id).orElseThrow().lease()).isNull();
        JsonNode completed = atB.until(id, "completed");
        assertThat(completed.at("/result/content/0/text").stringValue()).isEqualTo("done in run 2");
        untilSettled("settle held again COMPLETED");
        tasksOfA.tend();
        assertThat(ledger.entries).hasSize(1);
    }

    @Test
    void aTaskCancelledAtAnotherReplicaIsStoppedAtTheNextRenewal() {
        String id = atA.beginId("repeatable", "{}");
        while (runs.get() == 0) {
            Thread.yield();
        }
        atB.cancel(id);
        tasksOfA.tend();
        assertThat(atA.get(id).path("status").stringValue()).isEqualTo("cancelled");
        untilSettled("settle held CANCELLED");
    }

    @Test
    void everyEndIsSettledOnce() {
        atA.until(atA.beginId("quick", "{}"), "completed");
        untilSettled("settle held COMPLETED");
        ledger.entries.clear();
        atA.until(atA.beginId("fails", "{}"), "completed");
        untilSettled("settle held TOOL_ERROR");
        ledger.entries.clear();
        atA.until(atA.beginId("refuses", "{}"), "failed");
        untilSettled("settle held REFUSED");
        ledger.entries.clear();
        String cancelled = atA.beginId("waits", "{}");
        atA.cancel(cancelled);
        atA.cancel(cancelled);
        untilSettled("settle held CANCELLED");
        ledger.entries.clear();
        String expired = atA.beginId("asks", "{}");
        atA.until(expired, "input_required");
        clock.pass(TTL.plusSeconds(1));
        tasksOfB.tend();
        untilSettled("suspend held", "settle quoted TIMED_OUT");
    }

    @Test
    void aTaskThatTakesTooLongFailsIsKeptForAWhileAndThenForgotten() {
        String id = atA.beginId("waits", "{}");
        clock.pass(TTL.plusSeconds(1));
        tasksOfA.tend();
        JsonNode failed = atA.get(id);
        assertThat(failed.path("status").stringValue()).isEqualTo("failed");
        assertThat(failed.path("statusMessage").stringValue()).contains("time ran out");
        clock.pass(KEEP.plusSeconds(1));
        assertThat(atA.plain()
                        .send("tasks/get", "{'taskId':'" + id + "'}")
                        .error()
                        .code())
                .isEqualTo(-32602);
        tasksOfA.tend();
        assertThat(store.find(id)).isEmpty();
    }

    @Test
    void aResultIsKeptThoughTheTtlIsOver() {
        String id = atA.beginId("waits", "{}");
        clock.pass(TTL.minusSeconds(1));
        tasksOfA.tend();
        finish.countDown();
        JsonNode completed = atA.until(id, "completed");
        assertThat(completed.path("ttlMs").longValue())
                .isEqualTo(TTL.minusSeconds(1).plus(KEEP).toMillis());
        clock.pass(KEEP.minusSeconds(1));
        tasksOfB.tend();
        assertThat(atB.get(id).path("status").stringValue()).isEqualTo("completed");
    }

    @Test
    void aServerThatClosesFailsWhatItCannotFinishAndLeavesWhatMayBeRepeated() {
        String waiting = atA.beginId("waits", "{}");
        String repeatable = atA.beginId("repeatable", "{}");
        while (runs.get() == 0) {
            Thread.yield();
        }
        a.close();
        JsonNode failed = atB.get(waiting);
        assertThat(failed.path("status").stringValue()).isEqualTo("failed");
        assertThat(failed.path("statusMessage").stringValue()).contains("shut down");
        assertThat(atB.until(repeatable, "completed")
                        .at("/result/content/0/text")
                        .stringValue())
                .isEqualTo("done in run 2");
        untilSettled("settle held REFUSED", "settle held again COMPLETED");
    }

    @Test
    void aServerThatClosesWaitsForItsTasks() throws InterruptedException {
        McpServer patient =
                replica(tasks()).shutdownGrace(Duration.ofSeconds(10)).build();
        String id = TaskClient.of(patient).beginId("waits", "{}");
        Thread closing = Thread.ofVirtual().start(patient::close);
        finish.countDown();
        assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
        assertThat(atB.get(id).path("status").stringValue()).isEqualTo("completed");
    }

    @Test
    void whatATaskIsChargedStandsInItsResult() {
        JsonNode completed = atB.until(atA.beginId("quick", "{}"), "completed");
        assertThat(completed.at("/result/_meta/test~1receipt").stringValue()).isEqualTo("held");
        JsonNode failed = atB.until(atA.beginId("fails", "{}"), "completed");
        assertThat(failed.at("/result/_meta/test~1receipt").stringValue()).isEqualTo("held");
        String id = atA.beginId("asks", "{}");
        JsonNode asking = atB.until(id, "input_required");
        String key = asking.path("inputRequests").propertyNames().iterator().next();
        atB.update(id, "{'" + key + "':{'action':'accept','content':{'name':'Ada'}}}")
                .result();
        assertThat(atA.until(id, "completed").at("/result/_meta/test~1receipt").stringValue())
                .isEqualTo("quoted again");
    }

    @Test
    void whatCannotBeSettledNowIsSettledLaterByWhoeverIsThere() {
        ledger.down = true;
        String id = atA.beginId("quick", "{}");
        atA.until(id, "completed");
        Eventually.holds("it was tried", () -> store.find(id).orElseThrow().version() >= 3);
        assertThat(ledger.entries).isEmpty();
        a.close();
        clock.pass(LEASE.plusSeconds(1));
        tasksOfB.tend();
        assertThat(store.find(id).orElseThrow().lease())
                .as("still nobody could, and it is tried again")
                .isNotNull();
        clock.pass(TTL.plus(KEEP));
        tasksOfB.tend();
        assertThat(store.find(id)).as("not forgotten before it is settled").isPresent();
        ledger.down = false;
        clock.pass(LEASE.plusSeconds(1));
        tasksOfB.tend();
        untilSettled("settle held COMPLETED");
        tasksOfB.tend();
        assertThat(store.find(id)).isEmpty();
    }
}
