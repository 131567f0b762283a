package dev.mortise.benchmarks.production;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whether a bill that is wrong is found out: each of these is wrong in one way. */
class BillTest {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    /** A tenth of November: 3.00 for the time. */
    private static final Instant END = Instant.parse("2026-11-04T00:00:00Z");
    /** 1,001 calls at 0.0137 are 13.7137. */
    private static final Bill RIGHT = bill(1_001, "13.71", "3.00", "16.71");

    private static Bill bill(long quantity, String usage, String fee, String total) {
        return new Bill(START, END, quantity, new BigDecimal(usage), new BigDecimal(fee), new BigDecimal(total));
    }

    private static List<String> wrong(Bill bill) {
        return bill.disagreements("tenant-7", 1_001, 1_000, 2);
    }

    @Test
    void whatIsRightIsLeftAlone() {
        assertThat(wrong(RIGHT)).isEmpty();
        assertThat(RIGHT.disagreements("tenant-7", 1_001, 1_001, 0)).isEmpty();
        assertThat(RIGHT.disagreements("tenant-7", 1_001, 999, 2)).isEmpty();
    }

    @Test
    void callsThatWereInvoicedAndNotUsedAreFound() {
        assertThat(RIGHT.disagreements("tenant-7", 1_000, 1_000, 2))
                .containsExactly("tenant-7 is invoiced 1001 units, and the ledger has 1000");
    }

    @Test
    void callsThatNobodyMadeAreFound() {
        assertThat(RIGHT.disagreements("tenant-7", 1_001, 998, 2))
                .containsExactly("tenant-7 is invoiced 1001 units, and clients saw 998, and perhaps 2 more");
    }

    @Test
    void callsThatWereForgottenAreFound() {
        assertThat(RIGHT.disagreements("tenant-7", 1_001, 1_002, 5))
                .containsExactly("tenant-7 is invoiced 1001 units, and clients saw 1002, and perhaps 5 more");
    }

    @Test
    void aWrongPriceOfCallsIsFoundToTheCent() {
        assertThat(wrong(bill(1_001, "13.72", "3.00", "16.72")))
                .containsExactly("tenant-7 owes 13.72 for calls, where 13.71 is right");
    }

    @Test
    void aWrongPriceOfTheTimeIsFound() {
        assertThat(wrong(bill(1_001, "13.71", "30.00", "43.71")))
                .containsExactly("tenant-7 owes 30.00 for the plan, where 3.00 is right");
    }

    @Test
    void aTotalThatIsNoSumIsFound() {
        assertThat(wrong(bill(1_001, "13.71", "3.00", "16.70")))
                .containsExactly("tenant-7 owes 16.70 for all together, where 16.71 is right");
    }

    @Test
    void halvesAreRoundedToEven() {
        // 50 calls are 0.685, and 150 are 2.055: one goes down, the other up.
        assertThat(bill(50, "0.68", "3.00", "3.68").disagreements("t", 50, 50, 0))
                .isEmpty();
        assertThat(bill(150, "2.06", "3.00", "5.06").disagreements("t", 150, 150, 0))
                .isEmpty();
    }

    @Test
    void whatInvoicesSayIsAddedUp() {
        JsonNode subscription = Json.parse("""
                {"phases": [{"from": "2026-11-01T00:00:00Z"}], "endsAt": "2026-11-04T00:00:00Z"}
                """);
        JsonNode first = Json.parse("""
                {"total": {"minor": 3000, "currency": "USD"}, "lines": [
                  {"kind": "FEE", "item": "fee", "amount": {"minor": 3000, "currency": "USD"}}]}
                """);
        JsonNode last = Json.parse("""
                {"total": {"minor": -1329, "currency": "USD"}, "lines": [
                  {"kind": "FEE", "item": "fee", "amount": {"minor": 300, "currency": "USD"}},
                  {"kind": "INVOICED", "item": "fee", "amount": {"minor": -3000, "currency": "USD"}},
                  {"kind": "USAGE", "item": "usage:api_calls:load@1", "usage": {"meter": "api_calls", "quantity": 1001},
                   "amount": {"minor": 1371, "currency": "USD"}},
                  {"kind": "USAGE", "item": "usage:ai_operations:load@1",
                   "usage": {"meter": "ai_operations", "quantity": 5}, "amount": {"minor": 0, "currency": "USD"}}]}
                """);
        assertThat(Bill.of(subscription, List.of(first, last))).isEqualTo(RIGHT);
    }
}
