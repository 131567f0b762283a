package dev.mortise.billing.books;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.invoice.Invoice;
import dev.mortise.billing.invoice.InvoiceLine;
import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.Ledger;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.plan.PlanJson;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.store.LedgerHome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From events in a real ledger, some of them late or taken back, to invoices. */
@Timeout(120)
class InvoicesOfTheLedgerTest {
    private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock(START);

    private static UsageEvent event(String meter, String id, long quantity, Instant at) {
        return UsageEvent.of("acme", meter, "test", id, quantity, at);
    }

    @Test
    void inSqlite() throws Exception {
        run(LedgerHome.sqlite(directory), SqlHome.sqlite(directory));
    }

    @Test
    void inPostgres() throws Exception {
        run(LedgerHome.postgres(), SqlHome.postgres());
    }

    private void run(LedgerHome ledgers, SqlHome sql) throws Exception {
        try (ledgers;
                sql;
                Journal journal = Journal.start(ledgers.store(), Duration.ofSeconds(30), 100)) {
            Ledger ledger = new Ledger(journal, Meters.standard(), clock, Duration.ofSeconds(10));
            Books books = sql.books(setup -> setup.clock(clock).usage(ledger).settleFor(Duration.ZERO));
            books.plans().publish(PlanJson.read("""
                            {"id": "metered", "version": 1, "name": "Metered", "currency": "USD", "price": "10.00",
                             "meters": {"api_calls": {"included": 100, "overage": {"model": "flat", "rate": "0.01"}},
                                        "storage": {"measure": "average", "included": 1000000,
                                                    "overage": {"model": "flat", "rate": "0.28", "per": 1000000}}}}
                            """.getBytes(StandardCharsets.UTF_8)));
            books.tenants().register("acme", "Acme", ZoneOffset.UTC);
            String id = books.subscriptions()
                    .begin("acme", new PlanRef("metered", 1), Optional.empty(), Optional.empty(), START)
                    .id();
            clock.advance(Duration.ofDays(14));
            // 3 MB for half of four weeks.
            assertThat(ledger.record(List.of(
                            event("api_calls", "a", 150, clock.instant()),
                            event("api_calls", "b", 7, clock.instant()),
                            event("storage", "c", 3_000_000, clock.instant()))))
                    .allMatch(Booking::isKept);
            assertThat(ledger.record(event("api_calls", "b", 7, clock.instant())))
                    .isInstanceOf(Booking.Repeated.class);
            clock.set(Instant.parse("2026-02-28T10:00:00Z"));
            // 0.57 for calls; half a megabyte too much on average: 0.14.
            assertThat(books.invoices().issueDue(id))
                    .extracting(invoice -> invoice.total().minor())
                    .containsExactly(1_000L, 1_071L);
            assertThat(ledger.record(event("api_calls", "late", 20, START.plusSeconds(5)))
                            .isKept())
                    .isTrue();
            assertThat(ledger.reverse("acme", "test", "b", "support").isKept()).isTrue();
            assertThat(ledger.record(event("storage", "gone", -3_000_000, clock.instant()))
                            .isKept())
                    .isTrue();
            clock.set(Instant.parse("2026-03-31T10:00:00Z"));
            Invoice next = books.invoices().issueDue(id).getFirst();
            // 170 calls instead of 157.
            assertThat(next.lines())
                    .extracting(line -> line.kind() + " " + line.amount())
                    .containsExactly("INVOICED -0.57 USD", "USAGE 0.70 USD", "FEE 10.00 USD");
            assertThat(next.lines().getFirst().item()).isEqualTo("usage:api_calls:metered@1");
            assertThat(next.lines()).extracting(InvoiceLine::kind).doesNotContainNull();
            clock.set(Instant.parse("2026-04-30T10:00:00Z"));
            assertThat(books.invoices().issueDue(id).getFirst().total().minor()).isEqualTo(1_000);
        }
    }
}
