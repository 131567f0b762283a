package dev.mortise.billing.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.Billing;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.RefundPolicy;
import dev.mortise.billing.plan.Allowance;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Entitlements;
import dev.mortise.billing.plan.Measure;
import dev.mortise.billing.plan.Standing;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.Eventually;
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

/** What becomes of a call whose charge cannot be written. */
class UnavailableTest {
    private static final String TENANT = "~local";
    private static final Entitlements UNLIMITED = (tenant, at) -> new Entitlement(
            tenant,
            Standing.ACTIVE,
            Optional.empty(),
            FixedPlan.PERIOD,
            Map.of(
                    "api_calls", unlimited("api_calls", Measure.SUM),
                    "ai_operations", unlimited("ai_operations", Measure.SUM),
                    "storage", unlimited("storage", Measure.PEAK)),
            Set.of(),
            FixedPlan.PERIOD.end(),
            at);

    private static Allowance unlimited(String meter, Measure measure) {
        return new Allowance(meter, measure, FixedPlan.PERIOD, OptionalLong.empty(), OptionalLong.empty(), List.of());
    }

    @TempDir
    Path directory;

    private LedgerHome home;
    private LedgerSwitch database;

    @BeforeEach
    void open() {
        home = LedgerHome.sqlite(directory);
        database = new LedgerSwitch(home.store());
    }

    @AfterEach
    void close() throws Exception {
        home.close();
    }

    /** Nobody waits long for a database that is gone; and without a limit nothing has to be leased from it before. */
    private Billing billing(WhenUnavailable policy, RefundPolicy refunds) {
        return Billing.in(database.store(), UNLIMITED)
                .timeout(Duration.ofMillis(50))
                .receipts(ReceiptSigner.hmac("k1", new byte[32]))
                .whenUnavailable(policy)
                .refunds(refunds)
                .build();
    }

    private static Wire client(Billing billing) {
        return Wire.to(McpServer.builder("test", "1")
                .plugin(billing)
                .tool(Tool.named("ok").handle((in, call) -> "ok"))
                .build());
    }

    private void refusedAndNotCharged(RefundPolicy refunds) {
        try (Billing billing = billing(WhenUnavailable.REFUSE, refunds)) {
            Wire client = client(billing);
            database.cut();
            assertThat(client.call("ok", "{}").error().message()).contains("Metering");
            database.mend();
            Eventually.holds(
                    "it was booked and taken back", () -> billing.ledger().position(TENANT, "api_calls") == 2);
            assertThat(billing.ledger().balance(TENANT, "api_calls"))
                    .as("who got nothing pays nothing")
                    .isZero();
        }
    }

    @Test
    void aResultThatCannotBeBookedIsNotGivenOut() {
        refusedAndNotCharged(RefundPolicy.STANDARD);
    }

    @Test
    void noPolicyOfRefundsMakesAnybodyPayForAnOutageOfTheLedger() {
        refusedAndNotCharged(RefundPolicy.of());
    }

    /** A handler that hears that it cannot be booked does not do it, and calls again. */
    @Test
    void whatAHandlerUsesOrFreesIsTakenBackToo() {
        try (Billing billing = billing(WhenUnavailable.REFUSE, RefundPolicy.STANDARD)) {
            Wire client = Wire.to(McpServer.builder("test", "1")
                    .plugin(billing)
                    .tool(Tool.named("embeds").handle((in, call) -> {
                        CallUsage.of(call).use(Meter.AI_OPERATIONS, 3);
                        return "ok";
                    }))
                    .tool(Tool.named("stores").handle((in, call) -> {
                        CallUsage.of(call).use(Meter.STORAGE, 10);
                        return "ok";
                    }))
                    .tool(Tool.named("frees").handle((in, call) -> {
                        CallUsage.of(call).free(Meter.STORAGE, 4);
                        return "ok";
                    }))
                    .build());
            assertThat(client.call("stores", "{}").result().path("isError").booleanValue(false))
                    .isFalse();
            long stored = billing.ledger().balance(TENANT, "storage");
            long before = billing.ledger().position(TENANT, "storage");
            database.cut();
            assertThat(client.call("embeds", "{}").error().code()).isEqualTo(503);
            assertThat(client.call("frees", "{}").error().code()).isEqualTo(503);
            database.mend();
            Eventually.holds(
                    "they were booked and taken back",
                    () -> billing.ledger().position(TENANT, "ai_operations") == 2
                            && billing.ledger().position(TENANT, "storage") == before + 2);
            assertThat(billing.ledger().balance(TENANT, "ai_operations")).isZero();
            assertThat(billing.ledger().balance(TENANT, "storage")).isEqualTo(stored);
        }
    }

    @Test
    void aResultMayBeServedAndBookedLater() {
        try (Billing billing = billing(WhenUnavailable.SERVE, RefundPolicy.STANDARD)) {
            Wire client = client(billing);
            database.cut();
            assertThat(client.call("ok", "{}").result().at("/content/0/text").stringValue())
                    .isEqualTo("ok");
            database.mend();
            Eventually.holds("it is booked", () -> billing.ledger().balance(TENANT, "api_calls") == 1);
        }
    }

    @Test
    void noUnitsAreGivenOutThatWereNotLeased() {
        try (Billing billing = Billing.in(database.store(), new FixedPlan(100))
                .timeout(Duration.ofSeconds(20))
                .whenUnavailable(WhenUnavailable.SERVE)
                .build()) {
            Wire client = client(billing);
            database.cut();
            assertThat(client.call("ok", "{}").error().message()).contains("Storage");
            database.mend();
            assertThat(client.call("ok", "{}").result().at("/content/0/text").stringValue())
                    .isEqualTo("ok");
            assertThat(billing.ledger().balance(TENANT, "api_calls")).isEqualTo(1);
        }
    }
}
