package dev.mortise.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Policy;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Registry;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.Received;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PolicyTest {
    private static final Attribute<Boolean> HIDDEN = Attribute.of("test.hidden", Boolean.class);

    private static final Policy POLICY = (caller, target) -> {
        if (target.name().contains("secret")) {
            return Decision.DENY;
        }
        return target.name().contains("guarded")
                ? new Decision.Challenge(
                        new Refusal.MissingScope(Set.of("b", "a"), "Bearer error=\"insufficient_scope\""))
                : Decision.ALLOW;
    };

    private static McpServerBuilder builder() {
        return McpServer.builder("test", "1")
                .tool(Tool.named("open").handle((in, call) -> "ran"))
                .tool(Tool.named("guarded").handle((in, call) -> "ran"))
                .tool(Tool.named("secret").handle((in, call) -> "ran"))
                .prompt(Prompt.named("secret_prompt")
                        .argument("a", "a")
                        .complete("a", c -> List.of("x"))
                        .handle(call -> PromptOutcome.text("x")))
                .resource(Resource.text("doc:///secret", "s", "text/plain", "x"))
                .resource(Resource.text("doc:///open", "s", "text/plain", "x"))
                .resourceTemplate(ResourceTemplate.at("vault://secret/{id}", "v")
                        .complete("id", c -> List.of("x"))
                        .read(call -> ResourceOutcome.found(call.text("x"))));
    }

    private final McpServer server = builder().policy(POLICY).build();
    private final TestClient client = TestClient.of(server);

    private void assertSameAsUnknown(String method, String denied, String unknown, String name, String other) {
        Received one = client.send(method, denied);
        Received two = client.send(method, unknown);
        assertThat(one.reply().status()).isEqualTo(two.reply().status());
        assertThat(one.error().toString()).isEqualTo(two.error().toString().replace(other, name));
    }

    @Test
    void listsShowWhatIsAllowedOrCanBeChallengedOnly() {
        assertThat(client.result("tools/list", "{}").path("tools").values())
                .extracting(tool -> tool.path("name").stringValue())
                .containsExactly("guarded", "open");
        assertThat(client.result("prompts/list", "{}").path("prompts").size()).isZero();
        assertThat(client.result("resources/list", "{}").path("resources").size())
                .isEqualTo(1);
        assertThat(client.result("resources/templates/list", "{}")
                        .path("resourceTemplates")
                        .size())
                .isZero();
    }

    @Test
    void whatIsDeniedAnswersLikeWhatDoesNotExist() {
        assertSameAsUnknown("tools/call", "{'name':'secret'}", "{'name':'nobody'}", "secret", "nobody");
        assertSameAsUnknown("prompts/get", "{'name':'secret_prompt'}", "{'name':'nobody'}", "secret_prompt", "nobody");
        assertSameAsUnknown("resources/read", "{'uri':'doc:///secret'}", "{'uri':'doc:///nobody'}", "secret", "nobody");
        assertSameAsUnknown(
                "resources/read", "{'uri':'vault://secret/1'}", "{'uri':'vault://nobody/1'}", "secret", "nobody");
        String complete = "{'ref':{'type':'ref/prompt','name':'%s'},'argument':{'name':'a','value':''}}";
        assertSameAsUnknown(
                "completion/complete",
                complete.formatted("secret_prompt"),
                complete.formatted("nobody"),
                "secret_prompt",
                "nobody");
        String template = "{'ref':{'type':'ref/resource','uri':'vault://%s/{id}'},'argument':{'name':'id','value':''}}";
        assertSameAsUnknown(
                "completion/complete", template.formatted("secret"), template.formatted("nobody"), "secret", "nobody");
    }

    private static ResourceTemplate template(String uriTemplate, String says) {
        return ResourceTemplate.at(uriTemplate, says).read(call -> ResourceOutcome.found(call.text(says)));
    }

    private static McpServerBuilder twice() {
        Registry<Tool> more = new Registry<>(() -> {});
        more.add(Tool.named("twice").handle((in, call) -> "second"));
        return builder().tools(more).resourceTemplate(template("doc:///{name}", "from a template"));
    }

    /** Hides by what an entry is, not by its name: so do policies that read attributes. */
    private static McpServer hiding(McpServerBuilder builder) {
        return builder.policy((caller, target) ->
                        target.attributes().get(HIDDEN).isPresent() ? Decision.DENY : Decision.ALLOW)
                .build();
    }

    @Test
    void whatIsHiddenShadowsNothingOfTheSameName() {
        TestClient hidden = TestClient.of(hiding(
                twice().tool(Tool.named("twice").with(HIDDEN, true).handle((in, call) -> "first"))
                        .resource(Resource.at("doc:///x", "x")
                                .with(HIDDEN, true)
                                .read(call -> ResourceOutcome.found(call.text("fixed"))))));
        TestClient without = TestClient.of(hiding(twice()));
        assertThat(hidden.call("twice", "{}").result().toString())
                .contains("second")
                .isEqualTo(without.call("twice", "{}").result().toString());
        assertThat(hidden.result("tools/list", "{}").toString())
                .contains("twice")
                .isEqualTo(without.result("tools/list", "{}").toString());
        assertThat(hidden.result("resources/read", "{'uri':'doc:///x'}").toString())
                .contains("from a template")
                .isEqualTo(
                        without.result("resources/read", "{'uri':'doc:///x'}").toString());
    }

    @Test
    void ofTwoThatMayBeSeenTheFirstCounts() {
        TestClient both = TestClient.of(hiding(twice().tool(Tool.named("twice").handle((in, call) -> "first"))
                .resource(Resource.text("doc:///x", "x", "text/plain", "fixed"))));
        assertThat(both.call("twice", "{}").result().toString()).contains("first");
        assertThat(both.result("resources/read", "{'uri':'doc:///x'}").toString())
                .contains("fixed");
    }

    @Test
    void aChallengeNamesAllThatIsNeededAtOnce() {
        Received received = client.call("guarded", "{}");
        assertThat(received.reply().status()).isEqualTo(403);
        assertThat(received.reply().headers()).containsEntry("WWW-Authenticate", "Bearer error=\"insufficient_scope\"");
        assertThat(received.error().message()).contains("a b");
    }

    @Test
    void aPolicyThatFailsDenies() {
        McpServer failing = builder()
                .policy((caller, target) -> {
                    throw new IllegalStateException("database down");
                })
                .build();
        Received received = TestClient.of(failing).call("open", "{}");
        assertThat(received.error().message()).isEqualTo("Unknown tool: open");
        assertThat(TestClient.of(failing)
                        .result("tools/list", "{}")
                        .path("tools")
                        .size())
                .isZero();
    }

    @Test
    void eventsOfWhatIsDeniedAreNotTold() {
        try (Conversation listening = client.open(
                "subscriptions/listen",
                "{'notifications':{'resourceSubscriptions':['doc:///secret','doc:///open']}}")) {
            listening.next();
            server.events().resourceUpdated("doc:///secret");
            server.events().resourceUpdated("doc:///open");
            JsonNode told = listening.next().params();
            assertThat(told.path("uri").stringValue()).isEqualTo("doc:///open");
        }
    }

    @Test
    void listsAndReadsArePrivateWhereCallersCouldDifferUnlessDeclaredPublic() {
        for (McpServerBuilder perCaller : List.of(
                builder().policy(POLICY), builder().authenticator(origin -> Authenticator.admit(Caller.of("ann"))))) {
            assertThat(scopes(perCaller)).containsOnly("private");
        }
        assertThat(scopes(builder())).containsOnly("public");
        assertThat(scopes(builder().policy(POLICY).publicLists().publicReads())).containsOnly("public");
    }

    private static List<String> scopes(McpServerBuilder builder) {
        TestClient client = TestClient.of(builder.build());
        return List.of(
                scope(client, "server/discover", "{}"),
                scope(client, "tools/list", "{}"),
                scope(client, "prompts/list", "{}"),
                scope(client, "resources/list", "{}"),
                scope(client, "resources/templates/list", "{}"),
                scope(client, "resources/read", "{'uri':'doc:///open'}"));
    }

    private static String scope(TestClient client, String method, String params) {
        JsonNode result = client.result(method, params);
        assertThat(result.path("ttlMs").isIntegralNumber()).isTrue();
        return result.path("cacheScope").stringValue();
    }
}
