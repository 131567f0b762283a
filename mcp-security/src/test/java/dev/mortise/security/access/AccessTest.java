package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.resilience.Ticker;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.transport.Received;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityBuilder;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.limit.Limit;
import dev.mortise.security.limit.Rate;
import dev.mortise.security.limit.RateLimits;
import dev.mortise.security.replay.IdempotentCalls;
import dev.mortise.security.replay.MemoryReplayStore;
import dev.mortise.security.store.Home;
import dev.mortise.security.store.MemoryHome;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class AccessTest {
    record Drop(String table) {}

    record Yes(boolean yes) {}

    private static final Question<Yes> SURE = Question.form("sure", Yes.class, "Sure?");

    private final Home home = new MemoryHome();
    private final TestClock clock = new TestClock();
    private final RecordedTrail trail = new RecordedTrail();
    private final AtomicInteger ran = new AtomicInteger();
    private final List<McpServer> servers = new ArrayList<>();
    private Security security;
    private McpServer server;

    private SecurityBuilder builder() {
        return Security.in(Environment.TEST)
                .stores(home.stores())
                .clock(clock)
                .audit(trail)
                .resource(ProtectedResource.of("https://mcp.example.com/mcp"))
                .scopes(ScopeHierarchy.none()
                        .contains("files:all", "files:write")
                        .contains("files:write", "files:read"))
                .pollInterval(Duration.ofMillis(20))
                .authenticatorOf(TestAuthenticator::new);
    }

    private McpServerBuilder tools(McpServerBuilder builder, String description) {
        return builder.tool(Tool.named("open")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .handle((in, call) -> "ran " + ran.incrementAndGet()))
                .tool(Tool.named("write")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                        .with(Requirement.ATTRIBUTE, Requirement.scopes("files:read", "files:write", "log"))
                        .handle((in, call) -> "ran " + ran.incrementAndGet()))
                .tool(Tool.named("step")
                        .description(description)
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.HIGH)
                        .handle((in, call) -> "ran " + ran.incrementAndGet()))
                .tool(Tool.named("drop")
                        .description(description)
                        .input(Drop.class)
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                        .handle((in, call) -> "ran " + ran.incrementAndGet()))
                .tool(Tool.named("ask")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                        .handle((in, call) -> switch (call.answer(SURE)) {
                            case Answer.Accepted<Yes> yes -> ToolOutcome.done("ran " + ran.incrementAndGet());
                            case Answer.Missing<Yes> none -> ToolOutcome.ask(SURE);
                            case Answer.Declined<Yes> no -> ToolOutcome.done("no");
                            case Answer.Cancelled<Yes> no -> ToolOutcome.done("no");
                        }))
                .tool(Tool.named("undeclared").handle((in, call) -> "ran"))
                .resource(Resource.text("doc:///acme", "d", "text/plain", "x"));
    }

    private void start(SecurityBuilder builder) {
        start(builder, "As it was");
    }

    private void start(SecurityBuilder builder, String description) {
        security = builder.build();
        server = tools(McpServer.builder("test", "1").plugin(security), description)
                .clock(clock)
                .build();
        servers.add(server);
    }

    @AfterEach
    void close() {
        servers.forEach(McpServer::close);
    }

    private Wire ann(KeyLimits limits) {
        return wire("ann", limits);
    }

    private Wire wire(String subject, KeyLimits limits) {
        return Wire.to(
                server, security.keys().issue(subject, "acme", "", limits).secret());
    }

    private static final KeyLimits FULL = KeyLimits.BASIC.withReach(SecurityLevel.CRITICAL);

    private Caller boss() {
        return Caller.of("boss").withTenant("acme");
    }

    private String pending() {
        return security.approvals()
                .list(null, Approval.Status.PENDING, null, 10)
                .get(0)
                .id();
    }

    private static String text(Received received) {
        return received.result().at("/content/0/text").asString();
    }

    @Test
    void aListShowsWhatACredentialReaches() {
        start(builder());
        assertThat(names(ann(KeyLimits.BASIC.withReach(SecurityLevel.LOW)))).containsExactly("open");
        assertThat(names(ann(KeyLimits.BASIC))).containsExactly("open", "write");
        assertThat(names(ann(FULL))).containsExactly("ask", "drop", "open", "step", "undeclared", "write");
        assertThat(names(ann(FULL.withTools("drop", "open")))).containsExactly("drop", "open");
        assertThat(trail.last().details()).containsEntry("shown", "2").containsKey("policy");
        assertThat(trail.last().kind()).isEqualTo(AuditEvent.Kind.DECISION);
        Received list = ann(FULL).send("tools/list", "{}");
        assertThat(list.result().path("cacheScope").asString()).isEqualTo("private");
    }

    private static List<String> names(Wire wire) {
        return wire.send("tools/list", "{}").result().path("tools").values().stream()
                .map(tool -> tool.path("name").asString())
                .toList();
    }

    @Test
    void aKeyForSomeToolsReadsNoResources() {
        start(builder());
        Wire wire = ann(FULL.withTools("drop", "open"));
        assertThat(wire.send("resources/read", "{'uri':'doc:///acme'}").reply().message())
                .hasToString(wire.send("resources/read", "{'uri':'doc:///none'}")
                        .reply()
                        .message()
                        .toString()
                        .replace("none", "acme"));
    }

    @Test
    void allMissingScopesAreNamedAtOnce() {
        start(builder());
        Received refused = ann(KeyLimits.BASIC.withScopes("files:read")).call("write", "{}");
        assertThat(refused.reply().status()).isEqualTo(403);
        assertThat(refused.reply().headers().get("WWW-Authenticate"))
                .isEqualTo("Bearer error=\"insufficient_scope\", scope=\"files:read files:write log\","
                        + " resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource/mcp\"");
        assertThat(trail.last().outcome()).isEqualTo(AuditEvent.Outcome.CHALLENGED);
        assertThat(trail.last().reason()).isEqualTo("missing-scope");
        assertThat(text(ann(KeyLimits.BASIC.withScopes("files:all", "log")).call("write", "{}")))
                .isEqualTo("ran 1");
        assertThat(trail.last().outcome()).isEqualTo(AuditEvent.Outcome.ALLOWED);
        assertThat(trail.last().subject()).isEqualTo("ann");
        assertThat(trail.last().target()).isEqualTo("write");
        assertThat(trail.last().level()).isEqualTo(SecurityLevel.MEDIUM);
    }

    @Test
    void aStepUpLetsSomebodyUseSomethingForAWhile() {
        start(builder());
        Wire wire = ann(FULL);
        Received refused = wire.call("step", "{}");
        assertThat(refused.reply().status()).isEqualTo(403);
        assertThat(refused.error().message()).contains(pending());
        assertThat(security.approvals().approve(pending(), boss())).isEqualTo(Approvals.Result.DONE);
        assertThat(text(wire.call("step", "{}"))).isEqualTo("ran 1");
        assertThat(text(wire.call("step", "{}"))).isEqualTo("ran 2");
        assertThat(wire("eve", FULL).call("step", "{}").reply().status()).isEqualTo(403);
        clock.pass(Duration.ofMinutes(15));
        assertThat(wire.call("step", "{}").reply().status()).isEqualTo(403);
        assertThat(ran).hasValue(2);
    }

    @Test
    void aGrantCanBeGivenUnaskedAndTakenBack() {
        start(builder());
        Wire wire = ann(FULL);
        Grant grant = security.approvals()
                .grant(Caller.of("ann").withTenant("acme"), Target.Kind.TOOL, "step", Duration.ofHours(1), boss());
        assertThat(text(wire.call("step", "{}"))).isEqualTo("ran 1");
        assertThat(security.approvals().revokeGrant(grant.id(), boss())).isEqualTo(Approvals.Result.DONE);
        Eventually.holds(
                "the grant does not count",
                () -> wire.call("step", "{}").reply().status() == 403);
    }

    @Test
    void anApprovalIsForOneCallWithTheseArgumentsByThisCaller() {
        start(builder());
        Wire wire = ann(FULL);
        assertThat(wire.call("drop", "{'table':'a'}").reply().status()).isEqualTo(403);
        Approval asked = security.approvals().find(pending()).orElseThrow();
        assertThat(asked.arguments()).isEqualTo("{\"arguments\":{\"table\":\"a\"},\"name\":\"drop\"}");
        // The same question is not put twice.
        wire.call("drop", "{'table':'a'}");
        assertThat(security.approvals().list(null, null, null, 10)).hasSize(1);
        assertThat(security.approvals().approve(asked.id(), boss())).isEqualTo(Approvals.Result.DONE);
        assertThat(wire.call("drop", "{'table':'b'}").reply().status()).isEqualTo(403);
        assertThat(wire("eve", FULL).call("drop", "{'table':'a'}").reply().status())
                .isEqualTo(403);
        assertThat(ran).hasValue(0);
        assertThat(text(wire.call("drop", "{ 'table' : 'a' }"))).isEqualTo("ran 1");
        assertThat(trail.last().reason()).isEqualTo("approved");
        assertThat(trail.last().details()).containsEntry("approval", asked.id());
        assertThat(wire.call("drop", "{'table':'a'}").reply().status()).isEqualTo(403);
        assertThat(ran).hasValue(1);
    }

    @Test
    void aRepeatedCallGetsTheFirstResultWithoutAnotherApproval() {
        start(builder()
                .idempotentCalls(IdempotentCalls.in(new MemoryReplayStore(10, 1 << 16, Ticker.system()))
                        .build()));
        Wire wire = ann(FULL);
        wire.callOnce("drop", "{'table':'a'}", "k1");
        security.approvals().approve(pending(), boss());

        assertThat(text(wire.callOnce("drop", "{'table':'a'}", "k1"))).isEqualTo("ran 1");
        assertThat(text(wire.callOnce("drop", "{'table':'a'}", "k1"))).isEqualTo("ran 1");
        assertThat(trail.last().reason()).isEqualTo("repeated");
        assertThat(wire.callOnce("drop", "{'table':'a'}", "k2").reply().status())
                .isEqualTo(403);
        assertThat(ran).hasValue(1);
    }

    @Test
    void aCallOverItsLimitLeavesItsApprovalAlone() {
        start(builder()
                .limits(RateLimits.builder()
                        .limit(Limit.perCaller("caller", Rate.of(2, Duration.ofHours(1))))
                        .build()));
        Wire wire = ann(FULL);
        wire.call("drop", "{'table':'a'}");
        String asked = pending();
        security.approvals().approve(asked, boss());
        wire.call("open", "{}");

        assertThat(wire.call("drop", "{'table':'a'}").reply().status()).isEqualTo(429);
        assertThat(trail.last().reason()).isEqualTo("refused-before-approval");
        assertThat(security.approvals().find(asked).orElseThrow().status()).isEqualTo(Approval.Status.APPROVED);
    }

    @Test
    void aCallThatIsRefusedBeforeItBeginsGivesItsApprovalBack() {
        AtomicInteger left = new AtomicInteger();
        security = builder().build();
        server = tools(McpServer.builder("test", "1").plugin(security), "")
                .intercept(
                        Stage.METER,
                        (call, chain) -> left.getAndDecrement() > 0
                                ? chain.proceed(call)
                                : new Outcome.Refused(new Refusal.QuotaExceeded("All calls are used", null)))
                .clock(clock)
                .build();
        servers.add(server);
        Wire wire = ann(FULL);
        wire.call("drop", "{'table':'a'}");
        String asked = pending();
        security.approvals().approve(asked, boss());

        assertThat(wire.call("drop", "{'table':'a'}").reply().status()).isNotEqualTo(200);
        assertThat(trail.last().reason()).isEqualTo("given-back");
        left.set(1);
        assertThat(text(wire.call("drop", "{'table':'a'}"))).isEqualTo("ran 1");
        assertThat(security.approvals().find(asked).orElseThrow().status()).isEqualTo(Approval.Status.USED);
    }

    @Test
    void whatIsDeniedRevokedOrTooLateDoesNotRun() {
        start(builder());
        Wire wire = ann(FULL);
        wire.call("drop", "{'table':'a'}");
        security.approvals().deny(pending(), boss());
        wire.call("drop", "{'table':'b'}");
        String second = pending();
        security.approvals().approve(second, boss());
        assertThat(security.approvals().revoke(second, boss())).isEqualTo(Approvals.Result.DONE);
        wire.call("drop", "{'table':'c'}");
        String third = pending();
        security.approvals().approve(third, boss());
        clock.pass(Duration.ofMinutes(15));
        for (String table : List.of("a", "b", "c")) {
            assertThat(wire.call("drop", "{'table':'" + table + "'}").reply().status())
                    .isEqualTo(403);
        }
        assertThat(security.approvals().approve(third, boss())).isEqualTo(Approvals.Result.NOT_OPEN);
        assertThat(ran).hasValue(0);
    }

    @Test
    void fourEyesAreTwoPeople() {
        start(builder().fourEyes());
        ann(FULL).call("drop", "{'table':'a'}");
        assertThat(security.approvals().approve(pending(), Caller.of("ann").withTenant("acme")))
                .isEqualTo(Approvals.Result.SAME_PERSON);
        assertThat(security.approvals().approve(pending(), boss())).isEqualTo(Approvals.Result.DONE);
    }

    @Test
    void anotherDefinitionNeedsAnotherApprovalAndAnotherGrant() {
        start(builder());
        String key = security.keys().issue("ann", "acme", "", FULL).secret();
        Wire before = Wire.to(server, key);
        before.call("drop", "{'table':'a'}");
        security.approvals().approve(pending(), boss());
        before.call("step", "{}");
        security.approvals().approve(pending(), boss());
        assertThat(text(before.call("step", "{}"))).isEqualTo("ran 1");
        start(builder(), "Something else");
        Wire after = Wire.to(server, key);
        assertThat(after.call("step", "{}").reply().status()).isEqualTo(403);
        assertThat(after.call("drop", "{'table':'a'}").reply().status()).isEqualTo(403);
        assertThat(ran).hasValue(1);
        // And while a server runs.
        assertThat(security.approvals().list(null, Approval.Status.PENDING, null, 10))
                .hasSize(2);
        security.approvals()
                .list(null, Approval.Status.PENDING, null, 10)
                .forEach(open -> security.approvals().approve(open.id(), boss()));
        server.tools()
                .put(Tool.named("step")
                        .description("A third")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.HIGH)
                        .handle((in, call) -> "ran " + ran.incrementAndGet()));
        assertThat(after.call("step", "{}").reply().status()).isEqualTo(403);
        assertThat(text(after.call("drop", "{'table':'a'}"))).isEqualTo("ran 2");
    }

    @Test
    void aToolThatAsksUsesItsApprovalOnceInEachRound() {
        start(builder());
        Wire wire = ann(FULL).can("{'elicitation':{'form':{}}}");
        wire.call("ask", "{}");
        security.approvals().approve(pending(), boss());
        JsonNode asked = wire.call("ask", "{}").result();
        assertThat(asked.path("resultType").asString()).isEqualTo("input_required");
        String answer = retry("ask", "{}", asked, "{'action':'accept','content':{'yes':true}}");
        assertThat(text(wire.send("tools/call", answer))).isEqualTo("ran 1");
        // The very same request once more is another call, and there is no approval for it.
        assertThat(wire.send("tools/call", answer).reply().status()).isEqualTo(403);
        assertThat(ran).hasValue(1);
    }

    private static String retry(String tool, String arguments, JsonNode asked, String answer) {
        ObjectNode params = Json.object().put("name", tool);
        params.set("arguments", Wire.json(arguments));
        params.set("requestState", asked.path("requestState"));
        ObjectNode responses = params.putObject("inputResponses");
        asked.path("inputRequests").propertyNames().forEach(key -> responses.set(key, Wire.json(answer)));
        return params.toString();
    }

    @Test
    void aClientThatCanIsSentToThePage() {
        start(builder()
                .approvalPage(URI.create("https://mcp.example.com/approve"), new FakeSignIn(), Duration.ofSeconds(20)));
        Wire wire = ann(FULL).can(Wire.PAGES);
        JsonNode asked = wire.call("drop", "{'table':'a'}").result();
        JsonNode request = asked.path("inputRequests").values().iterator().next();
        assertThat(request.at("/params/mode").asString()).isEqualTo("url");
        assertThat(request.at("/params/url").asString())
                .isEqualTo("https://mcp.example.com/approve?approval=" + pending());
        assertThat(trail.last().outcome()).isEqualTo(AuditEvent.Outcome.CHALLENGED);
        String id = pending();
        // The user decides while the call waits.
        Thread.ofVirtual().start(() -> security.approvals().approve(id, boss()));
        String answer = retry("drop", "{'table':'a'}", asked, "{'action':'accept'}");
        assertThat(text(wire.send("tools/call", answer))).isEqualTo("ran 1");
        assertThat(wire.send("tools/call", answer).reply().status()).isEqualTo(403);
        assertThat(ran).hasValue(1);
    }

    @Test
    void toOpenThePageIsNotToApprove() {
        start(builder().approvalPage(URI.create("https://mcp.example.com/approve"), new FakeSignIn(), Duration.ZERO));
        Wire wire = ann(FULL).can(Wire.PAGES);
        JsonNode asked = wire.call("drop", "{'table':'a'}").result();
        String answer = retry("drop", "{'table':'a'}", asked, "{'action':'accept'}");
        assertThat(wire.send("tools/call", answer).reply().status()).isEqualTo(403);
        JsonNode again = wire.call("drop", "{'table':'a'}").result();
        String declined = retry("drop", "{'table':'a'}", again, "{'action':'decline'}");
        assertThat(wire.send("tools/call", declined).error().message()).contains("declined");
        assertThat(security.approvals().list(null, Approval.Status.PENDING, null, 10))
                .isEmpty();
        assertThat(ran).hasValue(0);
    }

    @Test
    void whatCannotBeTakenDownDoesNotHappen() {
        start(builder());
        Wire wire = ann(FULL.withScopes("files:all", "log"));
        Wire other = ann(KeyLimits.BASIC);
        Wire late = ann(KeyLimits.BASIC);
        // That they were let in is on record.
        assertThat(text(wire.call("open", "{}"))).isEqualTo("ran 1");
        assertThat(text(other.call("open", "{}"))).isEqualTo("ran 2");
        trail.goDown();
        assertThat(text(wire.call("open", "{}"))).isEqualTo("ran 3");
        assertThat(wire.call("write", "{}").reply().status()).isEqualTo(503);
        Received denied = other.call("drop", "{}");
        Received unknown = other.call("none", "{}");
        assertThat(denied.reply().status()).isEqualTo(503);
        assertThat(denied.reply().message())
                .hasToString(unknown.reply().message().toString());
        assertThat(late.call("open", "{}").reply().status()).isEqualTo(503);
        assertThat(ran).hasValue(3);
    }

    @Test
    void whoShowsNothingGoodIsNotLetIn() {
        start(builder());
        assertThat(Wire.to(server, null).call("open", "{}").reply().status()).isEqualTo(401);
        assertThat(Wire.to(server, "mk_test_nonsense")
                        .call("open", "{}")
                        .reply()
                        .status())
                .isEqualTo(401);
    }

    @Test
    void whoIsLocalIsHeldToLevelsToo() {
        start(builder());
        Wire wire = Wire.local(server);
        assertThat(text(wire.call("open", "{}"))).isEqualTo("ran 1");
        assertThat(wire.call("drop", "{'table':'a'}").reply().status()).isEqualTo(403);
    }

    /** Where definitions come from elsewhere, so do their scopes; and a challenge is a header field. */
    @Test
    void whatIsNoScopeIsNotAskedFor() {
        for (String scope : List.of("", "a b", "a\"b", "a\\b", "a\r\nSet-Cookie: x", "\u00e4")) {
            assertThatThrownBy(() -> Requirement.scopes(scope)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A handler that refuses has begun all the same: what it did until then, nobody knows. */
    @Test
    void aCallThatHasBegunHasUsedItsApproval() {
        security = builder().build();
        server = McpServer.builder("test", "1")
                .plugin(security)
                .tool(Tool.named("drop")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                        .handle((in, call) -> {
                            ran.incrementAndGet();
                            return ToolOutcome.refused(new Refusal.DependencyUnavailable("db", Duration.ofSeconds(1)));
                        }))
                .clock(clock)
                .build();
        servers.add(server);
        Wire wire = ann(FULL);
        wire.call("drop", "{}");
        String id = pending();
        security.approvals().approve(id, boss());
        assertThat(wire.call("drop", "{}").reply().status()).isEqualTo(503);
        assertThat(security.approvals().find(id).orElseThrow().status()).isEqualTo(Approval.Status.USED);
        assertThat(wire.call("drop", "{}").reply().status()).isEqualTo(403);
        assertThat(ran).hasValue(1);
    }

    /** Names of tools say nothing of prompts, which have names of their own. */
    @Test
    void aKeyForSomeToolsIsForNothingElseOfTheirNames() {
        security = builder().build();
        server = McpServer.builder("test", "1")
                .plugin(security)
                .prompt(Prompt.named("open")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .handle(call -> PromptOutcome.text("x")))
                .build();
        servers.add(server);
        String get = "{'name':'open'}";
        assertThat(ann(FULL).send("prompts/get", get).reply().status()).isEqualTo(200);
        assertThat(ann(FULL.withTools("open")).send("prompts/get", get).error().message())
                .isEqualTo("Unknown prompt: open");
    }
}
