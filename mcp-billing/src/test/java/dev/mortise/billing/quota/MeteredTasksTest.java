package dev.mortise.billing.quota;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.Billing;
import dev.mortise.billing.books.TestClock;
import dev.mortise.billing.meter.RefundPolicy;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.server.StateKeys;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.InMemoryTaskStore;
import dev.mortise.mcp.store.TaskStore;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two replicas that share tasks and a ledger: each task is one charge, whoever ends it. */
class MeteredTasksTest {
    private static final String TENANT = "~local";
    private static final String CAPABLE =
            "{'elicitation':{'form':{}},'extensions':{'io.modelcontextprotocol/tasks':{}}}";
    private static final StateKeys KEYS = StateKeys.random();
    private static final Duration TTL = Duration.ofHours(2);

    /** So long that nobody but a client looks after tasks while a test runs. */
    private static final Duration LONG = Duration.ofMinutes(30);

    /** So short that the replicas look after tasks all the time. */
    private static final Duration SHORT = Duration.ofMillis(60);

    record Name(String name) {}

    private static final Question<Name> NAME = Question.form("name", Name.class, "Who?");

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock(Instant.parse("2026-11-22T12:00:00Z"));
    private final TaskStore tasks = new InMemoryTaskStore();
    private final CountDownLatch finish = new CountDownLatch(1);
    private final List<McpServer> servers = new ArrayList<>();
    private final List<Billing> billings = new ArrayList<>();
    private LedgerHome home;
    private LedgerSwitch database;

    @BeforeEach
    void open() {
        home = LedgerHome.sqlite(directory);
        database = new LedgerSwitch(home.store());
    }

    @AfterEach
    void close() throws Exception {
        closeServers();
        billings.forEach(Billing::close);
        assertThat(home.store().verify()).isEmpty();
        home.close();
    }

    /** What still runs is given up, and settled. */
    private void closeServers() {
        finish.countDown();
        servers.forEach(McpServer::close);
        servers.clear();
    }

    private Wire replica(Duration lease, RefundPolicy refunds) {
        Billing billing = Billing.in(database.store(), new FixedPlan(100))
                .refunds(refunds)
                .timeout(Duration.ofMillis(500))
                .build();
        billings.add(billing);
        McpServer server = McpServer.builder("test", "1")
                .stateKeys(KEYS)
                .clock(clock)
                .shutdownGrace(Duration.ZERO)
                .plugin(billing)
                .plugin(Tasks.builder().store(tasks).ttl(TTL).lease(lease).build())
                .tool(Tool.named("ok").handle((in, call) -> "ok"))
                .tool(Tool.named("waits").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> {
                    finish.await();
                    return "done";
                }))
                .tool(Tool.named("asks")
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) -> call.answer(NAME) instanceof Answer.Accepted<Name> ok
                                ? "Hello " + ok.value().name()
                                : ask(NAME)))
                .build();
        servers.add(server);
        return Wire.to(server).can(CAPABLE);
    }

    private static String begin(Wire client, String tool) {
        JsonNode created = client.call(tool, "{}").result();
        assertThat(created.path("resultType").stringValue()).isEqualTo("task");
        return created.path("taskId").stringValue();
    }

    private static JsonNode get(Wire client, String id) {
        return client.result("tasks/get", "{'taskId':'" + id + "'}");
    }

    private static JsonNode until(Wire client, String id, String status) {
        Eventually.holds(
                "the task is " + status,
                () -> get(client, id).path("status").stringValue().equals(status));
        return get(client, id);
    }

    private long used() {
        return home.store().balance(TENANT, "api_calls");
    }

    private void untilUsed(long calls) {
        Eventually.holds(calls + " calls are charged", () -> used() == calls);
    }

    @Test
    void aTaskIsChargedByTheReplicaThatFinishesIt() {
        Wire a = replica(LONG, RefundPolicy.STANDARD);
        Wire b = replica(LONG, RefundPolicy.STANDARD);
        String id = begin(a, "asks");
        JsonNode asking = until(b, id, "input_required");
        assertThat(used()).as("nothing is charged while its user is asked").isZero();
        String key = asking.path("inputRequests").propertyNames().iterator().next();
        b.result(
                "tasks/update",
                "{'taskId':'" + id + "','inputResponses':{'" + key
                        + "':{'action':'accept','content':{'name':'Ada'}}}}");
        until(a, id, "completed");
        untilUsed(1);
        closeServers();
        assertThat(used()).isEqualTo(1);
    }

    @Test
    void aTaskThatIsCancelledAtAnotherReplicaIsChargedOnce() {
        Wire a = replica(SHORT, RefundPolicy.STANDARD);
        Wire b = replica(SHORT, RefundPolicy.STANDARD);
        String id = begin(a, "waits");
        b.result("tasks/cancel", "{'taskId':'" + id + "'}");
        untilUsed(1);
        closeServers();
        assertThat(used()).as("its worker hears of it, and charges nothing").isEqualTo(1);
    }

    @Test
    void aCancelledTaskMayCostNothing() {
        Wire a = replica(LONG, RefundPolicy.of(RefundPolicy.Ending.DISCONNECTED));
        String id = begin(a, "waits");
        a.result("tasks/cancel", "{'taskId':'" + id + "'}");
        until(a, id, "cancelled");
        Eventually.holds("it is settled", () -> billings.getFirst().quotas().open() == 0);
        closeServers();
        assertThat(used()).isZero();
    }

    @Test
    void aTaskWhoseTimeRanOutIsSettledByThePolicy() {
        Wire a = replica(SHORT, RefundPolicy.of());
        begin(a, "waits");
        clock.advance(TTL.plusSeconds(1));
        untilUsed(1);
        closeServers();
        assertThat(used()).isEqualTo(1);
    }

    @Test
    void aTaskOfAReplicaThatIsNotHeardOfIsSettledOnceThoughItComesBack() {
        Wire a = replica(LONG, RefundPolicy.of());
        Wire b = replica(LONG, RefundPolicy.of());
        String id = begin(a, "waits");
        clock.advance(LONG.plusSeconds(1));
        assertThat(get(b, id).path("status").stringValue()).isEqualTo("failed");
        untilUsed(1);
        finish.countDown();
        closeServers();
        assertThat(used()).as("what it brings is too late").isEqualTo(1);
    }

    @Test
    void aTaskThatEndsWhileTheDatabaseIsGoneIsChargedWhenItIsBack() {
        Wire a = replica(LONG, RefundPolicy.STANDARD);
        String id = begin(a, "waits");
        database.cut();
        finish.countDown();
        until(a, id, "completed");
        assertThat(used()).isZero();
        database.mend();
        untilUsed(1);
        closeServers();
        assertThat(used()).isEqualTo(1);
    }
}
