package dev.mortise.billing.quota;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.Billing;
import dev.mortise.billing.books.TestClock;
import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.meter.RefundPolicy;
import dev.mortise.billing.meter.RefundPolicy.Ending;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.resilience.Resilience;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.StateKeys;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.InMemoryTaskStore;
import dev.mortise.mcp.store.TaskStore;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Two replicas that share tasks and a ledger: each task is one charge, whoever ends it. */
class MeteredTasksTest {
    private static final String TENANT = "~local";
    private static final String CAPABLE =
            "{'elicitation':{'form':{}},'extensions':{'io.modelcontextprotocol/tasks':{}}}";
    private static final byte[] RECEIPT_KEY = "a key of 32 bytes for receipts .".getBytes(StandardCharsets.US_ASCII);
    private static final StateKeys KEYS = StateKeys.random();
    private static final Duration TTL = Duration.ofHours(2);

    /** So long that nobody but a client looks after tasks while a test runs. */
    private static final Duration LONG = Duration.ofMinutes(30);

    /** So short that the replicas look after tasks all the time. */
    private static final Duration SHORT = Duration.ofMillis(60);

    record Name(String name) {}

    record Asking(boolean asks) {}

    private static final Question<Name> NAME = Question.form("name", Name.class, "Who?");

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock(Instant.parse("2026-11-22T12:00:00Z"));
    private final TaskStore tasks = new InMemoryTaskStore();
    private final CountDownLatch finish = new CountDownLatch(1);
    private final CountDownLatch running = new CountDownLatch(1);
    private final AtomicInteger rounds = new AtomicInteger();
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
                .receipts(ReceiptSigner.hmac("k1", RECEIPT_KEY))
                .build();
        billings.add(billing);
        McpServerBuilder builder = McpServer.builder("test", "1")
                .plugin(Resilience.builder()
                        .tools(
                                Ending.TIMED_OUT.name(),
                                Protection.builder()
                                        .timeout(Duration.ofMillis(50))
                                        .build())
                        .build());
        for (Ending ending : Ending.values()) {
            builder.tool(endsWith(ending));
        }
        McpServer server = builder.stateKeys(KEYS)
                .clock(clock)
                .shutdownGrace(Duration.ZERO)
                .plugin(billing)
                .plugin(Tasks.builder().store(tasks).ttl(TTL).lease(lease).build())
                .tool(Tool.named("ok").handle((in, call) -> "ok"))
                .tool(Tool.named("waits").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> {
                    finish.await();
                    return "done";
                }))
                .tool(Tool.named("again")
                        .annotations(ToolAnnotations.builder().idempotent(true).build())
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) -> {
                            if (!(call.answer(NAME) instanceof Answer.Accepted<Name>)) {
                                return ask(NAME);
                            }
                            rounds.incrementAndGet();
                            running.countDown();
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

    /** Each ends in its way, after a question if it is to ask one. */
    private Tool endsWith(Ending ending) {
        return Tool.named(ending.name())
                .with(Tasks.MODE, TaskMode.always())
                .input(Asking.class)
                .handle((in, call) -> {
                    if (in.asks() && !(call.answer(NAME) instanceof Answer.Accepted<Name>)) {
                        return ask(NAME);
                    }
                    return switch (ending) {
                        case TOOL_ERROR -> ToolOutcome.failed("no");
                        case PROTOCOL_ERROR -> ToolOutcome.refused(Refusal.InvalidParams.of("no"));
                        case TIMED_OUT, DISCONNECTED -> {
                            running.countDown();
                            new CountDownLatch(1).await();
                            yield "never";
                        }
                    };
                });
    }

    private static String begin(Wire client, String tool) {
        return begin(client, tool, "{}");
    }

    private static String begin(Wire client, String tool, String arguments) {
        JsonNode created = client.call(tool, arguments).result();
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

    /** Answers the question of a task. */
    private static void answer(Wire client, String id) {
        JsonNode asking = until(client, id, "input_required");
        String key = asking.path("inputRequests").propertyNames().iterator().next();
        client.result(
                "tasks/update",
                "{'taskId':'" + id + "','inputResponses':{'" + key
                        + "':{'action':'accept','content':{'name':'Ada'}}}}");
    }

    /** What the receipt in the result of a task says. */
    private static Receipt receipt(JsonNode task) {
        String receipt = task.path("result").path("_meta").path(Replies.RECEIPT).asString("");
        return switch (ReceiptVerifier.hmac("k1", RECEIPT_KEY).verify(receipt, TENANT)) {
            case ReceiptVerifier.Verdict.Verified ok -> ok.receipt();
            case ReceiptVerifier.Verdict other -> throw new AssertionError(other + ": " + task);
        };
    }

    private void assertThatItIsBooked(Receipt receipt) {
        untilUsed(1);
        assertThat(receipt.charged()).isEqualTo(Map.of("api_calls", 1L));
        Booking booking = billings.getFirst()
                .ledger()
                .record(new UsageEvent(
                        TENANT,
                        "api_calls",
                        MeteringInterceptor.SOURCE,
                        Reservation.eventId(receipt.id(), "api_calls"),
                        2,
                        receipt.at(),
                        receipt.item(),
                        ""));
        assertThat(booking)
                .as("the id of the receipt is that of the event")
                .isEqualTo(new Booking.Refused(Booking.Reason.CONFLICT));
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
        until(b, id, "input_required");
        assertThat(used()).as("nothing is charged while its user is asked").isZero();
        answer(b, id);
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
        Wire a = replica(LONG, RefundPolicy.of(Ending.DISCONNECTED));
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

    @Test
    void theResultOfATaskHasAReceipt() {
        Wire a = replica(LONG, RefundPolicy.STANDARD);
        Wire b = replica(LONG, RefundPolicy.STANDARD);
        String id = begin(a, "waits");
        finish.countDown();
        Receipt receipt = receipt(until(b, id, "completed"));
        assertThat(receipt.item()).isEqualTo("waits");
        assertThatItIsBooked(receipt);
    }

    @Test
    void theResultOfATaskHasAReceiptOfTheReplicaThatFinishedIt() {
        Wire a = replica(LONG, RefundPolicy.STANDARD);
        Wire b = replica(LONG, RefundPolicy.STANDARD);
        String id = begin(a, "asks");
        answer(b, id);
        assertThatItIsBooked(receipt(until(a, id, "completed")));
    }

    @Test
    void aFailureThatIsChargedHasAReceiptAndOneThatIsNotHasNone() {
        Wire a = replica(LONG, RefundPolicy.STANDARD);
        assertThatItIsBooked(receipt(until(a, begin(a, "TOOL_ERROR"), "completed")));
        Wire b = replica(LONG, RefundPolicy.of(Ending.TOOL_ERROR));
        JsonNode refunded = until(b, begin(b, "TOOL_ERROR"), "completed");
        assertThat(refunded.path("result").path("_meta").has(Replies.RECEIPT)).isFalse();
        closeServers();
        assertThat(used()).isEqualTo(1);
    }

    private long costs(Ending ending, boolean asks, RefundPolicy refunds) throws Exception {
        Wire a = replica(LONG, refunds);
        String id = begin(a, ending.name(), "{'asks':" + asks + "}");
        if (asks) {
            answer(a, id);
        }
        if (ending == Ending.DISCONNECTED) {
            assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
            a.result("tasks/cancel", "{'taskId':'" + id + "'}");
        }
        until(
                a,
                id,
                switch (ending) {
                    case TOOL_ERROR -> "completed";
                    case PROTOCOL_ERROR, TIMED_OUT -> "failed";
                    case DISCONNECTED -> "cancelled";
                });
        Eventually.holds("it is settled", () -> billings.getFirst().quotas().open() == 0);
        closeServers();
        return used();
    }

    @ParameterizedTest
    @EnumSource
    void anEndingOfATaskMayCostNothing(Ending ending) throws Exception {
        assertThat(costs(ending, false, RefundPolicy.of(ending))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anyOtherEndingOfATaskIsCharged(Ending ending) throws Exception {
        assertThat(costs(ending, false, new RefundPolicy(EnumSet.complementOf(EnumSet.of(ending)))))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void anEndingOfATaskThatAskedMayCostNothing(Ending ending) throws Exception {
        assertThat(costs(ending, true, RefundPolicy.of(ending))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anyOtherEndingOfATaskThatAskedIsCharged(Ending ending) throws Exception {
        assertThat(costs(ending, true, new RefundPolicy(EnumSet.complementOf(EnumSet.of(ending)))))
                .isEqualTo(1);
    }

    @Test
    void aTaskWhoseTimeRanOutHasTimedOut() {
        Wire a = replica(SHORT, RefundPolicy.of(Ending.TIMED_OUT));
        String id = begin(a, "waits");
        clock.advance(TTL.plusSeconds(1));
        until(a, id, "failed");
        Eventually.holds("it is settled", () -> billings.getFirst().quotas().open() == 0);
        closeServers();
        assertThat(used()).isZero();
    }

    @Test
    void aTaskThatAskedAndWasTakenUpByTwoIsChargedOnce() throws Exception {
        Wire a = replica(LONG, RefundPolicy.STANDARD);
        Wire b = replica(LONG, RefundPolicy.STANDARD);
        String id = begin(a, "again");
        answer(a, id);
        assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
        clock.advance(LONG.plusSeconds(1));
        // The first is not heard of, and so its owner has the other begin again; then it goes on as if nothing were.
        Eventually.holds(
                "both work on it",
                () -> get(b, id).path("status").stringValue().equals("working") && rounds.get() == 2);
        finish.countDown();
        assertThatItIsBooked(receipt(until(b, id, "completed")));
        closeServers();
        assertThat(used()).isEqualTo(1);
    }
}
