package dev.mortise.billing.quota;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static dev.mortise.mcp.server.ToolOutcome.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.Billing;
import dev.mortise.billing.ledger.Threshold;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.meter.Weight;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.server.StateKeys;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.store.Eventually;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server with a limit, and a client of it, over the wire. */
class MeteringTest {
    private static final String TENANT = "~local";
    private static final StateKeys KEYS = StateKeys.random();
    private static final int LIMIT = 100;

    record Name(String name) {}

    private static final Question<Name> NAME = Question.form("name", Name.class, "Who?");

    @TempDir
    Path directory;

    private final List<Threshold> thresholds = new CopyOnWriteArrayList<>();
    private LedgerHome home;
    private Billing billing;
    private Wire client;

    @BeforeEach
    void start() {
        home = LedgerHome.sqlite(directory);
        billing = replica();
        client = Wire.to(server(billing));
    }

    @AfterEach
    void stop() throws Exception {
        billing.close();
        assertThat(billing.ledger().verify()).isEmpty();
        home.close();
    }

    private Billing replica() {
        return replica(1);
    }

    /** @param price of a tool that says nothing itself */
    private Billing replica(long price) {
        return Billing.in(home.store(), new FixedPlan(LIMIT))
                .toolWeight(Weight.of(Meter.API_CALLS, price))
                .upgradePage(URI.create("https://example.com/plans"))
                .receipts(ReceiptSigner.hmac("k1", new byte[32]))
                .onThreshold(thresholds::add)
                .build();
    }

    private static McpServer server(Billing billing) {
        return server(billing, Wording.english());
    }

    private static McpServer server(Billing billing, Wording wording) {
        return McpServer.builder("test", "1")
                .wording(wording)
                .stateKeys(KEYS)
                .plugin(billing)
                .tool(Tool.named("ok").handle((in, call) -> "ok"))
                .tool(Tool.named("heavy")
                        .with(Metering.WEIGHT, Weight.of(Meter.API_CALLS, 7))
                        .handle((in, call) -> "ok"))
                .tool(Tool.named("fails").handle((in, call) -> failed("no")))
                .tool(Tool.named("refuses").handle((in, call) -> ToolOutcome.refused(Refusal.InvalidParams.of("no"))))
                .tool(Tool.named("special").with(Metering.FEATURE, "missing").handle((in, call) -> "ok"))
                .tool(Tool.named("asks")
                        .handle((in, call) -> call.answer(NAME) instanceof Answer.Accepted<Name> ok
                                ? "Hello " + ok.value().name()
                                : ask(NAME)))
                .build();
    }

    private long used() {
        return billing.ledger().balance(TENANT, "api_calls");
    }

    private static JsonNode answered(Wire client, String state) {
        return client.result(
                "tools/call",
                "{'name':'asks','arguments':{},'requestState':'" + state
                        + "','inputResponses':{'name':{'action':'accept','content':{'name':'Bo'}}}}");
    }

    @Test
    void callsAreChargedByWeightAndOutcome() {
        JsonNode result = client.call("ok", "{}").result();
        assertThat(result.at("/_meta")
                        .path("dev.mortise/usageReceipt")
                        .stringValue()
                        .split("\\."))
                .hasSize(3);
        client.call("heavy", "{}");
        client.call("fails", "{}");
        assertThat(used()).isEqualTo(9);
        client.call("refuses", "{}");
        assertThat(used()).as("a refusal costs nothing").isEqualTo(9);
    }

    /** The server chooses the language, for this module as for all others; what machines read stays as it is. */
    @Test
    void denialsAreToldInTheLanguageOfTheServer() {
        Wire chinese = Wire.to(server(billing, Wording.chinese()));
        JsonNode english = client.call("special", "{}").result();
        JsonNode denied = chinese.call("special", "{}").result();
        assertThat(denied.at("/content/0/text").stringValue())
                .startsWith("此账户的套餐没有功能 missing。")
                .contains("https://example.com/plans")
                .endsWith("立即重试没有用。");
        assertThat(english.at("/content/0/text").stringValue())
                .startsWith("The plan of this account does not have the feature missing.");
        assertThat(denied.path("structuredContent")).isEqualTo(english.path("structuredContent"));
        for (int i = 0; i < LIMIT; i++) {
            chinese.call("ok", "{}");
        }
        assertThat(chinese.call("ok", "{}").result().at("/content/0/text").stringValue())
                .startsWith("额度 api_calls 已用尽：已用 " + LIMIT + "，上限 " + LIMIT + "，本次还需要 1。");
    }

    @Test
    void theLimitIsExactAndTheModelIsTold() throws Exception {
        AtomicInteger served = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 3 * LIMIT; i++) {
                threads.submit(() -> {
                    if (!client.call("ok", "{}").result().path("isError").asBoolean(false)) {
                        served.incrementAndGet();
                    }
                });
            }
        }
        assertThat(served.get()).isEqualTo(LIMIT);
        assertThat(used()).isEqualTo(LIMIT);
        JsonNode denied = client.call("ok", "{}").result();
        assertThat(denied.at("/structuredContent/meter").stringValue()).isEqualTo("api_calls");
        assertThat(denied.at("/structuredContent/reason").stringValue()).isEqualTo("exhausted");
        assertThat(denied.at("/structuredContent/requested").longValue()).isEqualTo(1);
        // It may be an answer from a moment ago, when some of them still ran.
        assertThat(denied.at("/structuredContent/used").longValue()
                        + denied.at("/structuredContent/held").longValue(0))
                .isEqualTo(LIMIT);
        assertThat(denied.at("/structuredContent/limit").longValue()).isEqualTo(LIMIT);
        assertThat(denied.at("/structuredContent/resetsAt").stringValue()).isEqualTo("2100-01-01T00:00:00Z");
        assertThat(denied.path("_meta").path("dev.mortise/quota")).isEqualTo(denied.path("structuredContent"));
        assertThat(denied.at("/structuredContent/upgradeUrl").stringValue()).isEqualTo("https://example.com/plans");
        Eventually.holds("each threshold was told", () -> thresholds.size() == 2);
        assertThat(thresholds).extracting(Threshold::percent).containsExactlyInAnyOrder(80, 100);
    }

    @Test
    void aFeatureThatThePlanDoesNotHaveIsNotServed() {
        JsonNode denied = client.call("special", "{}").result();
        assertThat(denied.at("/structuredContent/feature").stringValue()).isEqualTo("missing");
        assertThat(used()).isZero();
    }

    @Test
    void questionsThatNobodyAnswersEatNoQuota() {
        for (int i = 0; i < 10_000; i++) {
            client.call("asks", "{}");
        }
        assertThat(used()).isZero();
        for (int i = 0; i < LIMIT; i++) {
            assertThat(client.call("ok", "{}").result().path("isError").asBoolean(false))
                    .isFalse();
        }
    }

    @Test
    void aCallThatAskedIsChargedOnceByTheReplicaThatFinishesAndEachReplayAnew() {
        String state = client.call("asks", "{}").result().path("requestState").stringValue();
        Billing other = replica();
        Wire elsewhere = Wire.to(server(other));
        assertThat(answered(elsewhere, state).at("/content/0/text").stringValue())
                .isEqualTo("Hello Bo");
        assertThat(used()).isEqualTo(1);
        int served = 0;
        for (int i = 0; i < LIMIT; i++) {
            served += answered(client, state).path("isError").asBoolean(false) ? 0 : 1;
        }
        other.close();
        assertThat(used()).as("no replay is free").isEqualTo(served + 1L).isLessThanOrEqualTo(LIMIT);
    }

    /** Prices change with a new version of the server; what a call was told it costs does not. */
    @Test
    void aCallGoesOnAtThePriceThatItWasTold() {
        try (Billing dearer = replica(5)) {
            Wire dear = Wire.to(server(dearer));
            String cheapState =
                    client.call("asks", "{}").result().path("requestState").stringValue();
            assertThat(answered(dear, cheapState).at("/content/0/text").stringValue())
                    .isEqualTo("Hello Bo");
            assertThat(used()).isEqualTo(1);
            String dearState =
                    dear.call("asks", "{}").result().path("requestState").stringValue();
            assertThat(answered(client, dearState).at("/content/0/text").stringValue())
                    .isEqualTo("Hello Bo");
            assertThat(used()).isEqualTo(1 + 5);
        }
    }

    @Test
    void aContinuationThatIsDeniedIsNotCharged() {
        String state = client.call("asks", "{}").result().path("requestState").stringValue();
        for (int i = 0; i < LIMIT; i++) {
            client.call("ok", "{}");
        }
        assertThat(answered(client, state).path("isError").asBoolean(false)).isTrue();
        assertThat(used()).isEqualTo(LIMIT);
    }

    @Test
    void pricesStandInListsAndWhatIsLeftInAResource() {
        client.call("heavy", "{}");
        JsonNode heavy = client.result("tools/list", "{}")
                .path("tools")
                .valueStream()
                .filter(tool -> tool.path("name").stringValue().equals("heavy"))
                .findFirst()
                .orElseThrow();
        assertThat(heavy.path("_meta")
                        .path("dev.mortise/price")
                        .at("/units/api_calls")
                        .intValue())
                .isEqualTo(7);
        String text = client.result("resources/read", "{'uri':'billing://quota'}")
                .at("/contents/0/text")
                .stringValue();
        assertThat(Wire.json(text).at("/meters/api_calls/remaining").longValue())
                .isEqualTo(LIMIT - 7);
    }
}
