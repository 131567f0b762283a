package dev.mortise.billing.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.Billing;
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
                    "api_calls",
                    new Allowance(
                            "api_calls",
                            Measure.SUM,
                            FixedPlan.PERIOD,
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            List.of())),
            Set.of(),
            FixedPlan.PERIOD.end(),
            at);

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
