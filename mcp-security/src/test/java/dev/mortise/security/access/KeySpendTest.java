package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A key that may spend so much in all spends no more, whatever is called with it and at which replica. */
class KeySpendTest {
    record Yes(boolean yes) {}

    private static final Question<Yes> SURE = Question.form("sure", Yes.class, "Sure?");
    private static final KeyLimits FIVE = KeyLimits.BASIC.withSpend(5);

    private final Home home = new MemoryHome();
    private final RecordedTrail trail = new RecordedTrail();
    private final AtomicInteger ran = new AtomicInteger();
    private final AtomicBoolean full = new AtomicBoolean();
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
                .authenticatorOf(TestAuthenticator::new)
                .build();
        McpServer replica = McpServer.builder("test", "1")
                .wording(wording)
                .plugin(security)
                .intercept(
                        Stage.METER,
                        (call, chain) -> full.get()
                                ? new Outcome.Refused(new Refusal.Overloaded(Duration.ofSeconds(1)))
                                : chain.proceed(call))
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
        Wire wire = with(key).can("{'elicitation':{'form':{}}}");
        String state = wire.call("ask", "{}").result().path("requestState").asString();
        Received done = wire.send(
                "tools/call",
                "{'name':'ask','arguments':{},'requestState':'" + state
                        + "','inputResponses':{'sure':{'action':'accept','content':{'yes':true}}}}");
        assertThat(done.result().at("/content/0/text").asString()).isEqualTo("ran 1");
        assertThat(security.keys().spent(key.key().id())).isEqualTo(1);
        assertThat(status(wire.call("one", "{}"))).isEqualTo(402);
    }

    @Test
    void aKeyThatMaySpendNothingCallsNothing() {
        Wire wire = with(issue(KeyLimits.BASIC.withSpend(0)));
        assertThat(status(wire.call("one", "{}"))).isEqualTo(402);
        assertThat(ran).hasValue(0);
    }
}
