package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Received;
import dev.mortise.security.Credential;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.key.IssuedKey;
import dev.mortise.security.key.KeyLimits;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Asking for a decision before the call is made: a tool of the host asks on behalf of who calls it. */
class RequestedApprovalTest {
    record Drop(String table) {}

    private final TestClock clock = new TestClock();
    private final RecordedTrail trail = new RecordedTrail();
    private final AtomicInteger ran = new AtomicInteger();
    private Security security;
    private McpServer server;
    private IssuedKey key;

    @BeforeEach
    void open() {
        security = Security.in(Environment.TEST)
                .clock(clock)
                .audit(trail)
                .fourEyes()
                .authenticatorOf(TestAuthenticator::new)
                .build();
    }

    private void start(Wording wording) {
        server = McpServer.builder("test", "1")
                .wording(wording)
                .plugin(security)
                .tool(Tool.named("drop")
                        .input(Drop.class)
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                        .handle((in, call) -> "dropped " + in.table() + " " + ran.incrementAndGet()))
                .tool(Tool.named("wipe")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                        .handle((in, call) -> "wiped " + ran.incrementAndGet()))
                .tool(Tool.named("step")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.HIGH)
                        .handle((in, call) -> "stepped " + ran.incrementAndGet()))
                .tool(Tool.named("open")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .handle((in, call) -> "opened " + ran.incrementAndGet()))
                .tool(Tool.named("scoped")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                        .with(Requirement.ATTRIBUTE, Requirement.scopes("b", "a"))
                        .handle((in, call) -> "scoped " + ran.incrementAndGet()))
                .tool(Tool.named("theirs")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                        .with(Requirement.ATTRIBUTE, new Requirement(Set.of(), Set.of("other")))
                        .handle((in, call) -> "theirs " + ran.incrementAndGet()))
                .prompt(Prompt.named("plan")
                        .argument("a", "a")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                        .handle(call -> PromptOutcome.text("planned " + ran.incrementAndGet())))
                .resource(Resource.at("doc:///plan", "plan")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                        .read(call -> ResourceOutcome.found(call.text("planned"))))
                .build();
        key = security.keys().issue("ann", "acme", "", KeyLimits.BASIC.withReach(SecurityLevel.CRITICAL));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Wire ann() {
        return Wire.to(server, key.secret());
    }

    /** As a tool has her from its call. */
    private Caller caller() {
        return Caller.of("ann")
                .withTenant("acme")
                .with(
                        Credential.ATTRIBUTE,
                        new Credential(Credential.Kind.API_KEY, key.key().id(), null, SecurityLevel.CRITICAL, null));
    }

    private Approvals.Requested ask(String tool, String arguments) {
        return security.approvals().request(caller(), Target.Kind.TOOL, tool, (ObjectNode) Wire.json(arguments));
    }

    private static Approval open(Approvals.Requested requested) {
        return ((Approvals.Requested.Open) requested).approval();
    }

    private void approve(String id) {
        assertThat(security.approvals().approve(id, Caller.of("boss").withTenant("acme")))
                .isEqualTo(Approvals.Result.DONE);
    }

    private static String text(Received received) {
        return received.result().at("/content/0/text").asString();
    }

    @Test
    void whatIsAskedForIsTheVeryCall() {
        start(Wording.english());
        Approval asked = open(ask("drop", "{'table':'a'}"));
        assertThat(asked.status()).isEqualTo(Approval.Status.PENDING);
        assertThat(asked.arguments()).contains("\"table\":\"a\"");
        assertThat(trail.last().kind()).isEqualTo(AuditEvent.Kind.APPROVAL);
        assertThat(trail.last().reason()).isEqualTo("requested");
        assertThat(open(ask("drop", "{'table':'a'}")).id())
                .as("asked again it is the same")
                .isEqualTo(asked.id());
        assertThat(ann().call("drop", "{'table':'a'}").error().message())
                .as("the call that comes too early waits for the same decision")
                .contains(asked.id());
        assertThat(ran).hasValue(0);
        approve(asked.id());
        assertThat(open(ask("drop", "{'table':'a'}")).status())
                .as("asking uses nothing up")
                .isEqualTo(Approval.Status.APPROVED);
        assertThat(ann().call("drop", "{'table':'b'}").reply().status())
                .as("it is for these arguments")
                .isEqualTo(403);
        assertThat(text(ann().call("drop", "{'table':'a'}"))).isEqualTo("dropped a 1");
        assertThat(ann().call("drop", "{'table':'a'}").reply().status())
                .as("it was for one call")
                .isEqualTo(403);
        assertThat(ran).hasValue(1);
    }

    @Test
    void noArgumentsAreTheSameHoweverTheyAreWritten() {
        start(Wording.english());
        approve(open(ask("wipe", "{}")).id());
        assertThat(text(ann().send("tools/call", "{'name':'wipe'}"))).isEqualTo("wiped 1");
        approve(open(ask("wipe", "{}")).id());
        assertThat(text(ann().call("wipe", "{}"))).isEqualTo("wiped 2");
    }

    @Test
    void whoAsksDoesNotDecide() {
        start(Wording.english());
        Approval asked = open(ask("drop", "{'table':'a'}"));
        assertThat(security.approvals().approve(asked.id(), caller())).isEqualTo(Approvals.Result.SAME_PERSON);
    }

    @Test
    void aStepUpIsAskedForOnceAndThenNotNeeded() {
        start(Wording.english());
        Approval asked = open(ask("step", "{}"));
        assertThat(asked.purpose()).isEqualTo(Approval.Purpose.STEP_UP);
        approve(asked.id());
        assertThat(ask("step", "{}")).isInstanceOf(Approvals.Requested.NotNeeded.class);
        assertThat(text(ann().call("step", "{}"))).isEqualTo("stepped 1");
        assertThat(ask("open", "{}")).isInstanceOf(Approvals.Requested.NotNeeded.class);
    }

    @Test
    void promptsAndResourcesAreAskedForToo() {
        start(Wording.english());
        ObjectNode arguments = Json.object().put("a", "b");
        approve(open(security.approvals().request(caller(), Target.Kind.PROMPT, "plan", arguments))
                .id());
        assertThat(ann().send("prompts/get", "{'name':'plan','arguments':{'a':'b'}}")
                        .reply()
                        .status())
                .isEqualTo(200);
        approve(open(security.approvals().request(caller(), Target.Kind.RESOURCE, "doc:///plan", Json.object()))
                .id());
        assertThat(ann().send("resources/read", "{'uri':'doc:///plan'}").reply().status())
                .isEqualTo(200);
        assertThatThrownBy(
                        () -> security.approvals().request(caller(), Target.Kind.RESOURCE_TEMPLATE, "x", Json.object()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatTheCallWouldNotReachIsNotAskedFor() {
        start(Wording.english());
        Approvals.Requested.Refused theirs = (Approvals.Requested.Refused) ask("theirs", "{}");
        Approvals.Requested.Refused none = (Approvals.Requested.Refused) ask("nothing", "{}");
        assertThat(theirs.message()).isEqualTo(none.message().replace("nothing", "theirs"));
        assertThat(theirs.refusal()).isEqualTo(new Refusal.NotFound(Target.Kind.TOOL, "theirs"));
        Approvals.Requested.Refused scoped = (Approvals.Requested.Refused) ask("scoped", "{}");
        assertThat(scoped.message()).contains("a b");
        assertThat(scoped.refusal()).isInstanceOf(Refusal.MissingScope.class);
        String long17 = "x".repeat(17 * 1024);
        assertThat(ask("drop", "{'table':'" + long17 + "'}")).isInstanceOf(Approvals.Requested.Refused.class);
        assertThat(security.approvals().list(null, null, null, 10)).isEmpty();
    }

    @Test
    void nobodyWaitsForMoreThanAHundredDecisions() {
        start(Wording.chinese());
        for (int i = 0; i < 100; i++) {
            open(ask("drop", "{'table':'" + i + "'}"));
        }
        Approvals.Requested.Refused refused = (Approvals.Requested.Refused) ask("drop", "{'table':'a'}");
        assertThat(refused.message()).isEqualTo("您等待批准的请求过多");
    }

    @Test
    void whatCannotBeTakenDownIsSaid() {
        start(Wording.english());
        trail.goDown();
        assertThatThrownBy(() -> ask("drop", "{'table':'a'}"))
                .isInstanceOf(dev.mortise.security.audit.AuditUnavailable.class);
    }
}
