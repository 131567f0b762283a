package dev.mortise.billing.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.Billing;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.meter.Weight;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.schema.ElicitAction;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.Tool;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What somebody hears who has used up what the plan gives, and what they can do about it. */
class UpgradeTest {
    private static final String PAGE = "https://example.com/plans";
    private static final String KEY = "dev.mortise.upgrade";

    record Shape(String text) {}

    @TempDir
    Path directory;

    private final AtomicLong limit = new AtomicLong(1);
    private LedgerHome home;
    private Billing billing;
    private McpServer server;
    private Wire client;
    private Wire opener;

    @BeforeEach
    void useUp() {
        home = LedgerHome.sqlite(directory);
        billing = Billing.in(home.store(), (tenant, at) -> new FixedPlan(limit.get()).of(tenant, at))
                .upgradePage(URI.create(PAGE))
                .askToUpgrade()
                .timeout(Duration.ofSeconds(20))
                .build();
        server = McpServer.builder("test", "1")
                .plugin(billing)
                .tool(Tool.named("ok").handle((in, call) -> "ok"))
                .tool(Tool.named("shaped").output(Shape.class).handle((in, call) -> new Shape("ok")))
                .resource(Resource.at("docs:///paid", "paid")
                        .with(Metering.WEIGHT, Weight.of(Meter.API_CALLS, 1))
                        .read(call -> ResourceOutcome.found(call.text("paid"))))
                .build();
        client = Wire.to(server);
        opener = client.can("{'elicitation':{'url':{}}}");
        assertThat(client.call("ok", "{}").result().at("/content/0/text").stringValue())
                .isEqualTo("ok");
    }

    @AfterEach
    void stop() throws Exception {
        billing.close();
        home.close();
    }

    private long used() {
        return billing.ledger().balance("~local", "api_calls");
    }

    private JsonNode asked() {
        JsonNode asked = opener.call("ok", "{}").result();
        assertThat(asked.path("resultType").stringValue()).isEqualTo("input_required");
        JsonNode params = asked.path("inputRequests").path(KEY).path("params");
        assertThat(params.path("mode").stringValue()).isEqualTo("url");
        assertThat(params.path("url").stringValue()).isEqualTo(PAGE);
        return asked;
    }

    private JsonNode answered(JsonNode asked, String action) {
        return opener.result(
                "tools/call",
                "{'name':'ok','arguments':{},'requestState':'"
                        + asked.path("requestState").stringValue() + "','inputResponses':{'" + KEY + "':{'action':'"
                        + action + "'}}}");
    }

    @Test
    void whoUpgradesGoesOnWithTheSameCall() {
        JsonNode asked = asked();
        limit.set(10);
        assertThat(answered(asked, "accept").at("/content/0/text").stringValue())
                .isEqualTo("ok");
        assertThat(used()).isEqualTo(2);
    }

    @Test
    void whoOpensThePageAndDoesNotUpgradeIsDenied() {
        JsonNode denied = answered(asked(), "accept");
        assertThat(denied.path("isError").booleanValue()).isTrue();
        assertThat(denied.at("/structuredContent/upgradeUrl").stringValue()).isEqualTo(PAGE);
        assertThat(used()).isEqualTo(1);
    }

    @Test
    void whoDoesNotWantToIsNotAskedAgainForThatCall() {
        for (String action : new String[] {"decline", "cancel"}) {
            assertThat(answered(asked(), action).path("isError").booleanValue())
                    .as(action)
                    .isTrue();
        }
        assertThat(used()).isEqualTo(1);
    }

    @Test
    void aClientThatCannotOpenPagesIsToldInTheResult() {
        JsonNode denied = client.call("ok", "{}").result();
        assertThat(denied.path("isError").booleanValue()).isTrue();
        assertThat(denied.at("/content/0/text").stringValue()).contains(PAGE);
        assertThat(denied.at("/structuredContent/limit").longValue()).isEqualTo(1);
    }

    @Test
    void aToolWhoseResultsHaveASchemaIsDeniedInTextAndMeta() {
        JsonNode denied = client.call("shaped", "{}").result();
        assertThat(denied.path("isError").booleanValue()).isTrue();
        assertThat(denied.has("structuredContent")).isFalse();
        assertThat(denied.path("_meta").path("dev.mortise/quota").path("meter").stringValue())
                .isEqualTo("api_calls");
    }

    @Test
    void whatIsNoToolIsRefused() {
        JsonRpcError error =
                client.send("resources/read", "{'uri':'docs:///paid'}").error();
        assertThat(error.message()).contains("used up");
        assertThat(error.data()).isNotNull();
        assertThat(error.data().path("meter").stringValue()).isEqualTo("api_calls");
        assertThat(error.data().path("used").longValue()).isEqualTo(1);
        assertThat(error.data().path("limit").longValue()).isEqualTo(1);
        assertThat(error.data().path("resetsAt").stringValue()).isEqualTo("2100-01-01T00:00:00Z");
        assertThat(error.data().path("upgradeUrl").stringValue()).isEqualTo(PAGE);
        limit.set(2);
        client.result("resources/read", "{'uri':'docs:///paid'}");
        assertThat(used()).isEqualTo(2);
    }

    private McpClient session(List<String> opened, ElicitAction action, long limitThen) {
        return McpClient.inMemory(server)
                .versions(ProtocolVersion.V2025_11_25)
                .onUrlElicitation(page -> {
                    opened.add(page.url());
                    limit.set(limitThen);
                    return action;
                })
                .connect();
    }

    @Test
    void anOlderClientIsAskedOverItsSession() {
        List<String> opened = new CopyOnWriteArrayList<>();
        try (McpClient older = session(opened, ElicitAction.ACCEPT, 2)) {
            assertThat(older.server().version()).isEqualTo(ProtocolVersion.V2025_11_25);
            assertThat(older.callTool("ok", Map.of()).isError()).isFalse();
        }
        assertThat(opened).containsExactly(PAGE);
        assertThat(used()).isEqualTo(2);
    }

    @Test
    void anOlderClientThatDoesNotWantToIsDenied() {
        List<String> opened = new CopyOnWriteArrayList<>();
        try (McpClient older = session(opened, ElicitAction.DECLINE, 1)) {
            assertThat(older.callTool("ok", Map.of()).isError()).isTrue();
        }
        assertThat(opened).containsExactly(PAGE);
        assertThat(used()).isEqualTo(1);
    }
}
