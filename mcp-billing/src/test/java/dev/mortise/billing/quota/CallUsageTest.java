package dev.mortise.billing.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.billing.Billing;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.plan.Allowance;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Entitlements;
import dev.mortise.billing.plan.Measure;
import dev.mortise.billing.plan.Standing;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.server.ToolOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What handlers book while they run. */
class CallUsageTest {
    private static final String TENANT = "~local";
    private static final Entitlements PLAN = (tenant, at) -> new Entitlement(
            tenant,
            Standing.ACTIVE,
            Optional.empty(),
            FixedPlan.PERIOD,
            Map.of(
                    "api_calls", allowance("api_calls", Measure.SUM, 1_000),
                    "ai_operations", allowance("ai_operations", Measure.SUM, 10),
                    "printed_pages", allowance("printed_pages", Measure.SUM, 5),
                    "storage", allowance("storage", Measure.PEAK, 100)),
            Set.of(),
            FixedPlan.PERIOD.end(),
            at);

    record Units(long units) {}

    private static final Meter PAGES = Meter.counter("printed_pages", "page");

    @TempDir
    Path directory;

    private LedgerHome home;
    private Billing billing;
    private Wire client;

    @BeforeEach
    void start() {
        home = LedgerHome.sqlite(directory);
        billing = Billing.in(home.store(), PLAN)
                .meter(PAGES)
                .timeout(Duration.ofSeconds(20))
                .build();
        client = Wire.to(McpServer.builder("test", "1")
                .plugin(billing)
                .tool(Tool.named("embeds").input(Units.class).handle((in, call) -> used(call, Meter.AI_OPERATIONS, in)))
                .tool(Tool.named("embeds_and_fails").input(Units.class).handle((in, call) -> {
                    used(call, Meter.AI_OPERATIONS, in);
                    return ToolOutcome.failed("It broke afterwards");
                }))
                .tool(Tool.named("prints").input(Units.class).handle((in, call) -> used(call, PAGES, in)))
                .tool(Tool.named("stores").input(Units.class).handle((in, call) -> used(call, Meter.STORAGE, in)))
                .tool(Tool.named("frees").input(Units.class).handle((in, call) -> {
                    CallUsage.of(call).free(Meter.STORAGE, in.units());
                    return "freed";
                }))
                .build());
    }

    @AfterEach
    void stop() throws Exception {
        billing.close();
        assertThat(billing.ledger().verify()).isEmpty();
        home.close();
    }

    private static Allowance allowance(String meter, Measure measure, long limit) {
        OptionalLong units = OptionalLong.of(limit);
        return new Allowance(meter, measure, FixedPlan.PERIOD, units, units, List.of());
    }

    private static Object used(ToolCall call, Meter meter, Units in) {
        return switch (CallUsage.of(call).use(meter, in.units())) {
            case CallUsage.Used.Booked ok -> "used";
            case CallUsage.Used.Denied no -> no.result();
        };
    }

    private JsonNode call(String tool, long units) {
        return client.call(tool, "{'units':" + units + "}").result();
    }

    private long balance(String meter) {
        return billing.ledger().balance(TENANT, meter);
    }

    @Test
    void whatWasReallyUsedIsBookedAndLimited() {
        assertThat(call("embeds", 7).at("/content/0/text").stringValue()).isEqualTo("used");
        assertThat(balance("ai_operations")).isEqualTo(7);
        JsonNode denied = call("embeds", 4);
        assertThat(denied.path("isError").booleanValue()).isTrue();
        assertThat(denied.at("/structuredContent/meter").stringValue()).isEqualTo("ai_operations");
        assertThat(denied.at("/structuredContent/requested").longValue()).isEqualTo(4);
        assertThat(balance("ai_operations")).isEqualTo(7);
        call("embeds", 3);
        assertThat(balance("ai_operations")).isEqualTo(10);
        LedgerEntry entry = billing.ledger()
                .entries(UsageQuery.of(TENANT, "ai_operations", FixedPlan.PERIOD.start(), FixedPlan.PERIOD.end()), 10)
                .getFirst();
        assertThat(entry.item()).isEqualTo("embeds");
    }

    @Test
    void aMeterOfTheHostsOwnIsBookedAndLimitedToo() {
        assertThat(call("prints", 3).at("/content/0/text").stringValue()).isEqualTo("used");
        assertThat(call("prints", 3).at("/structuredContent/meter").stringValue())
                .isEqualTo("printed_pages");
        assertThat(balance("printed_pages")).isEqualTo(3);
    }

    @Test
    void itStaysBookedHoweverTheCallEnds() {
        assertThat(call("embeds_and_fails", 5).path("isError").booleanValue()).isTrue();
        assertThat(balance("ai_operations")).isEqualTo(5);
    }

    @Test
    void aLevelRisesAndFallsAndIsLimitedWhereItStands() {
        call("stores", 90);
        assertThat(call("stores", 20).path("isError").booleanValue()).isTrue();
        call("frees", 50);
        assertThat(balance("storage")).isEqualTo(40);
        call("stores", 60);
        assertThat(balance("storage")).isEqualTo(100);
        assertThat(call("frees", 101).path("isError").booleanValue())
                .as("below zero")
                .isTrue();
        assertThat(balance("storage")).isEqualTo(100);
    }

    @Test
    void thereAreNoNegativeUnits() {
        for (String tool : new String[] {"embeds", "stores", "frees"}) {
            for (long units : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
                assertThat(call(tool, units).path("isError").booleanValue())
                        .as("%s %s", tool, units)
                        .isTrue();
            }
        }
        assertThat(balance("ai_operations")).isZero();
        assertThat(balance("storage")).isZero();
    }

    @Test
    void aServerThatDoesNotMeterSaysSo() {
        Wire unmetered = Wire.to(McpServer.builder("test", "1")
                .tool(Tool.named("embeds").input(Units.class).handle((in, call) -> {
                    assertThatThrownBy(() -> CallUsage.of(call))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("install the plugin Billing");
                    return "checked";
                }))
                .build());
        assertThat(unmetered
                        .call("embeds", "{'units':1}")
                        .result()
                        .at("/content/0/text")
                        .stringValue())
                .isEqualTo("checked");
    }
}
