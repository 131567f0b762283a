package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.StateKeys;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.mcp.transport.Received;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.key.IssuedKey;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.limit.Limit;
import dev.mortise.security.store.Home;
import dev.mortise.security.store.MemoryHome;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A key that may spend so much in all spends no more, whatever is called with it and at which replica. */
class KeySpendTest {
    record Yes(boolean yes) {}

    private static final Question<Yes> SURE = Question.form("sure", Yes.class, "Sure?");
    private static final Question<Yes> MORE = Question.form("more", Yes.class, "More?");
    private static final String FORMS = "{'elicitation':{'form':{}}}";
    private static final byte[] SEALING_KEY = new byte[32];
    private static final KeyLimits FIVE = KeyLimits.BASIC.withSpend(5);

    private final Home home = new MemoryHome();
    private final RecordedTrail trail = new RecordedTrail();
    private final AtomicInteger ran = new AtomicInteger();
    private final AtomicBoolean full = new AtomicBoolean();
    private final AtomicBoolean asking = new AtomicBoolean();
    private final List<McpServer> servers = new ArrayList<>();
    private Security security;
    private McpServer server;

    @BeforeEach
    void start() {
        server = replica(Wording.english());
    }

    @AfterEach
    void close() {
        servers.forEach(McpServer::close);
    }

    private McpServer replica(Wording wording) {
        security = Security.in(Environment.TEST)
                .stores(home.stores())
                .audit(trail)
                .pollInterval(Duration.ofMillis(20))
                .approvalPage(URI.create("https://mcp.example.com/approve"), new FakeSignIn(), Duration.ZERO)
                .authenticatorOf(TestAuthenticator::new)
                .build();
        McpServer replica = McpServer.builder("test", "1")
                .wording(wording)
                .stateKeys(StateKeys.of(SEALING_KEY))
                .plugin(security)
                .plugin(Tasks.create())
                .intercept(Stage.METER, this::meter)
                .tool(Tool.named("one")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .handle((in, call) -> "ran " + ran.incrementAndGet()))
                .tool(Tool.named("three")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .with(Limit.COST, 3)
                        .handle((in, call) -> "ran " + ran.incrementAndGet()))
                .tool(Tool.named("ask")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .handle((in, call) -> call.answer(SURE) instanceof Answer.Missing<Yes>
                                ? ToolOutcome.ask(SURE)
                                : ToolOutcome.done("ran " + ran.incrementAndGet())))
                .tool(Tool.named("work")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) -> call.answer(SURE) instanceof Answer.Missing<Yes>
                                ? ToolOutcome.ask(SURE)
                                : ToolOutcome.done("ran " + ran.incrementAndGet())))
                .tool(Tool.named("drop")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                        .handle((in, call) -> "ran " + ran.incrementAndGet()))
                .resource(Resource.at("doc:///a", "a")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .read(call -> ResourceOutcome.found(call.text("x"))))
                .prompt(Prompt.named("p")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .handle(call -> PromptOutcome.text("x")))
                .build();
        servers.add(replica);
        return replica;
    }

    /** Stands behind the charge, as a limit of what runs at once or a bill would. */
    private Outcome meter(Call call, Interceptor.Chain chain) {
        if (full.get()) {
            return new Outcome.Refused(new Refusal.Overloaded(Duration.ofSeconds(1)));
        }
        return asking.get() && call.answer(MORE) instanceof Answer.Missing<Yes>
                ? new Outcome.InputRequired(List.of(MORE))
                : chain.proceed(call);
    }

    private static String state(Received paused) {
        return paused.result().path("requestState").asString();
    }

    private static Received goOn(Wire wire, String tool, String state) {
        String yes = "{'action':'accept','content':{'yes':true}}";
        return wire.send(
                "tools/call",
                "{'name':'" + tool + "','arguments':{},'requestState':'" + state + "','inputResponses':{'sure':" + yes
                        + ",'more':" + yes + "}}");
    }

    private Wire with(IssuedKey key) {
        return Wire.to(server, key.secret());
    }

    private IssuedKey issue(KeyLimits limits) {
        return security.keys().issue("ann", "acme", "", limits);
    }

    private static int status(Received received) {
        return received.reply().status();
    }

    @Test
    void whatIsSpentIsSpentForEver() {
        IssuedKey key = issue(FIVE);
        Wire wire = with(key);
        assertThat(status(wire.call("three", "{}"))).isEqualTo(200);
        Received refused = wire.call("three", "{}");
        assertThat(status(refused)).isEqualTo(402);
        assertThat(refused.error().code()).isEqualTo(402);
        assertThat(refused.error().message()).contains("has spent what it may");
        assertThat(refused.error().data().path("reason").asString("")).isEqualTo("key-spent");
        assertThat(trail.last().reason()).isEqualTo("key-spent");
        assertThat(trail.last().outcome()).isEqualTo(AuditEvent.Outcome.DENIED);
        assertThat(status(wire.send("resources/read", "{'uri':'doc:///a'}"))).isEqualTo(200);
        assertThat(status(wire.send("prompts/get", "{'name':'p'}"))).isEqualTo(200);
        assertThat(status(wire.call("one", "{}"))).isEqualTo(402);
        assertThat(status(wire.send("resources/read", "{'uri':'doc:///a'}"))).isEqualTo(402);
        assertThat(ran).hasValue(1);
        assertThat(security.keys().spent(key.key().id())).isEqualTo(5);
        // Looking costs nothing, and what does not exist is told as before.
        assertThat(status(wire.send("tools/list", "{}"))).isEqualTo(200);
        assertThat(wire.call("none", "{}").error().message()).isEqualTo("Unknown tool: none");
        // Others do not pay for it.
        assertThat(status(with(issue(KeyLimits.BASIC)).call("one", "{}"))).isEqualTo(200);
    }

    @Test
    void replicasSpendFromOnePurse() {
        IssuedKey key = issue(FIVE);
        assertThat(status(with(key).call("three", "{}"))).isEqualTo(200);
        McpServer other = replica(Wording.chinese());
        Received refused = Wire.to(other, key.secret()).call("three", "{}");
        assertThat(status(refused)).isEqualTo(402);
        assertThat(refused.error().message()).contains("额度已用完");
        assertThat(status(Wire.to(other, key.secret()).call("one", "{}"))).isEqualTo(200);
    }

    @Test
    void childrenSpendWhatTheirParentHas() {
        IssuedKey parent = issue(FIVE);
        IssuedKey one = security.keys().child(parent.key().id(), "one", FIVE);
        IssuedKey two = security.keys().child(parent.key().id(), "two", FIVE);
        assertThat(status(with(one).call("three", "{}"))).isEqualTo(200);
        assertThat(status(with(two).call("three", "{}"))).isEqualTo(402);
        assertThat(status(with(two).call("one", "{}"))).isEqualTo(200);
        assertThat(status(with(parent).call("one", "{}"))).isEqualTo(200);
        assertThat(status(with(parent).call("one", "{}"))).isEqualTo(402);
        assertThat(security.keys().spent(two.key().id())).isEqualTo(1);
    }

    @Test
    void aNewKeyInThePlaceOfAnotherIsNoNewPurse() {
        IssuedKey key = issue(FIVE);
        with(key).call("three", "{}");
        IssuedKey next = security.keys().rotate(key.key().id(), Duration.ofHours(1));
        assertThat(status(with(next).call("three", "{}"))).isEqualTo(402);
        assertThat(status(with(key).call("one", "{}"))).isEqualTo(200);
        assertThat(status(with(next).call("one", "{}"))).isEqualTo(200);
        assertThat(status(with(next).call("one", "{}"))).isEqualTo(402);
    }

    @Test
    void whatDoesNotBeginCostsNothing() {
        IssuedKey key = issue(FIVE);
        full.set(true);
        assertThat(status(with(key).call("three", "{}"))).isEqualTo(503);
        assertThat(security.keys().spent(key.key().id())).isZero();
        full.set(false);
        assertThat(status(with(key).call("three", "{}"))).isEqualTo(200);
    }

    @Test
    void aCallThatAsksIsPaidForOnce() {
        IssuedKey key = issue(KeyLimits.BASIC.withSpend(1));
        Wire wire = with(key).can(FORMS);
        Received done = goOn(wire, "ask", state(wire.call("ask", "{}")));
        assertThat(done.result().at("/content/0/text").asString()).isEqualTo("ran 1");
        assertThat(security.keys().spent(key.key().id())).isEqualTo(1);
        assertThat(status(wire.call("one", "{}"))).isEqualTo(402);
    }

    @Test
    void whoSendsAStateAgainPaysAgain() {
        IssuedKey key = issue(KeyLimits.BASIC.withSpend(2));
        String state = state(with(key).can(FORMS).call("ask", "{}"));
        McpServer other = replica(Wording.english());
        assertThat(status(goOn(Wire.to(other, key.secret()).can(FORMS), "ask", state)))
                .isEqualTo(200);
        assertThat(security.keys().spent(key.key().id())).isEqualTo(1);
        assertThat(status(goOn(with(key).can(FORMS), "ask", state))).isEqualTo(200);
        assertThat(security.keys().spent(key.key().id())).isEqualTo(2);
        assertThat(status(goOn(with(key).can(FORMS), "ask", state))).isEqualTo(402);
        assertThat(ran).hasValue(2);
    }

    @Test
    void anotherKeyOfTheSamePersonPaysForItself() {
        String state = state(with(issue(FIVE)).can(FORMS).call("ask", "{}"));
        IssuedKey poor = issue(KeyLimits.BASIC.withSpend(0));
        assertThat(status(goOn(with(poor).can(FORMS), "ask", state))).isEqualTo(402);
        IssuedKey other = issue(FIVE);
        assertThat(status(goOn(with(other).can(FORMS), "ask", state))).isEqualTo(200);
        assertThat(security.keys().spent(other.key().id())).isEqualTo(1);
        assertThat(ran).hasValue(1);
    }

    @Test
    void whatAsksBehindTheChargeLeavesItToTheNextRound() {
        asking.set(true);
        IssuedKey key = issue(KeyLimits.BASIC.withSpend(1));
        Wire wire = with(key).can(FORMS);
        String state = state(wire.call("one", "{}"));
        assertThat(security.keys().spent(key.key().id())).isZero();
        assertThat(status(goOn(wire, "one", state))).isEqualTo(200);
        assertThat(security.keys().spent(key.key().id())).isEqualTo(1);
        assertThat(status(goOn(wire, "one", state))).isEqualTo(402);
    }

    @Test
    void aRoundThatDoesNotBeginKeepsWhatWasPaidForIt() {
        IssuedKey key = issue(KeyLimits.BASIC.withSpend(1));
        Wire wire = with(key).can(FORMS);
        String state = state(wire.call("ask", "{}"));
        full.set(true);
        assertThat(status(goOn(wire, "ask", state))).isEqualTo(503);
        full.set(false);
        assertThat(status(goOn(wire, "ask", state))).isEqualTo(200);
        assertThat(status(goOn(wire, "ask", state))).isEqualTo(402);
        assertThat(security.keys().spent(key.key().id())).isEqualTo(1);
    }

    @Test
    void aCallIsPaidForBehindTheQuestionOfItsApproval() {
        for (int spend = 0; spend < 2; spend++) {
            KeyLimits limits = KeyLimits.BASIC.withReach(SecurityLevel.CRITICAL).withSpend(spend);
            // Not of one person: the approval of the first would be good for the second.
            IssuedKey key = security.keys().issue("ann" + spend, "acme", "", limits);
            Wire wire = with(key).can(Wire.PAGES);
            Received paused = wire.call("drop", "{}");
            Approval open = security.approvals()
                    .list(null, Approval.Status.PENDING, null, 1)
                    .getFirst();
            security.approvals().approve(open.id(), Caller.of("boss").withTenant("acme"));
            Received done = wire.send(
                    "tools/call",
                    "{'name':'drop','arguments':{},'requestState':'" + state(paused) + "','inputResponses':{'approval-"
                            + open.id() + "':{'action':'accept'}}}");
            assertThat(status(done)).isEqualTo(spend == 0 ? 402 : 200);
            assertThat(security.keys().spent(key.key().id())).isEqualTo(spend);
            assertThat(ran).hasValue(spend);
        }
    }

    @Test
    void aTaskThatAsksIsPaidForOnce() {
        IssuedKey key = issue(KeyLimits.BASIC.withSpend(1));
        Wire wire = with(key).can("{'elicitation':{'form':{}},'extensions':{'io.modelcontextprotocol/tasks':{}}}");
        String id = wire.call("work", "{}").result().path("taskId").asString();
        JsonNode asks = until(wire, id, "input_required");
        String question = asks.path("inputRequests").propertyNames().iterator().next();
        assertThat(status(wire.send(
                        "tasks/update",
                        "{'taskId':'" + id + "','inputResponses':{'" + question
                                + "':{'action':'accept','content':{'yes':true}}}}")))
                .isEqualTo(200);
        assertThat(until(wire, id, "completed").at("/result/content/0/text").asString())
                .isEqualTo("ran 1");
        assertThat(security.keys().spent(key.key().id())).isEqualTo(1);
    }

    private static JsonNode until(Wire wire, String task, String status) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            JsonNode now = wire.send("tasks/get", "{'taskId':'" + task + "'}").result();
            if (now.path("status").asString("").equals(status)) {
                return now;
            }
            assertThat(System.nanoTime()).as("%s is not %s", now, status).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void aKeyThatMaySpendNothingCallsNothing() {
        Wire wire = with(issue(KeyLimits.BASIC.withSpend(0)));
        assertThat(status(wire.call("one", "{}"))).isEqualTo(402);
        assertThat(ran).hasValue(0);
    }
}
