package dev.mortise.billing.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.Billing;
import dev.mortise.billing.meter.RefundPolicy;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a call whose charge cannot be written. */
class UnavailableTest {
    private static final String TENANT = "~local";

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

    private Billing billing(WhenUnavailable policy, RefundPolicy refunds) {
        return Billing.in(database.store(), new FixedPlan(100))
                .timeout(Duration.ofMillis(200))
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

    private static void refusedAndNotCharged(LedgerSwitch database, Billing billing) {
        Wire client = client(billing);
        // Leases two units, of which the second is for the call that finds the database gone.
        client.call("ok", "{}").result();
        database.cut();
        assertThat(client.call("ok", "{}").error().message()).contains("Metering");
        database.mend();
        Eventually.holds("it was booked and taken back", () -> billing.ledger().position(TENANT, "api_calls") == 3);
        assertThat(billing.ledger().balance(TENANT, "api_calls"))
                .as("who got nothing pays nothing")
                .isEqualTo(1);
        client.call("ok", "{}").result();
        assertThat(billing.ledger().balance(TENANT, "api_calls")).isEqualTo(2);
        billing.close();
    }

    @Test
    void aResultThatCannotBeBookedIsNotGivenOut() {
        refusedAndNotCharged(database, billing(WhenUnavailable.REFUSE, RefundPolicy.STANDARD));
    }

    @Test
    void noPolicyOfRefundsMakesAnybodyPayForAnOutageOfTheLedger() {
        refusedAndNotCharged(database, billing(WhenUnavailable.REFUSE, RefundPolicy.of()));
    }

    @Test
    void aResultMayBeServedAndBookedLater() {
        Billing billing = billing(WhenUnavailable.SERVE, RefundPolicy.STANDARD);
        Wire client = client(billing);
        client.call("ok", "{}").result();
        database.cut();
        assertThat(client.call("ok", "{}").result().at("/content/0/text").stringValue())
                .isEqualTo("ok");
        database.mend();
        Eventually.holds("it is booked", () -> billing.ledger().balance(TENANT, "api_calls") == 2);
        billing.close();
    }

    @Test
    void noUnitsAreGivenOutThatWereNotLeased() {
        Billing billing = billing(WhenUnavailable.SERVE, RefundPolicy.STANDARD);
        Wire client = client(billing);
        database.cut();
        assertThat(client.call("ok", "{}").error().message()).contains("Storage");
        database.mend();
        assertThat(client.call("ok", "{}").result().at("/content/0/text").stringValue())
                .isEqualTo("ok");
        assertThat(billing.ledger().balance(TENANT, "api_calls")).isEqualTo(1);
        billing.close();
    }
}
