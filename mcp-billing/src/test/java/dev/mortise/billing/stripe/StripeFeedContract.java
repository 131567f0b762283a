package dev.mortise.billing.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.Ledger;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.payment.FakeHttp.Fault;
import dev.mortise.billing.payment.Finding;
import dev.mortise.billing.payment.Operation;
import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.PaymentsBuilder;
import dev.mortise.billing.payment.Usage;
import dev.mortise.billing.payment.UsageComparison;
import dev.mortise.mcp.store.jdbc.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** From the ledger to Stripe's meters: each unit once, in the hour and on the invoice that it belongs to. */
abstract class StripeFeedContract extends StripeShop {
    private static final String METER = "api_calls";

    private LedgerStore store;
    private Journal journal;
    private Ledger ledger;
    private int events;

    @Override
    void prepare() {
        store = home.ledger().migrate();
        journal = Journal.start(store, Duration.ofSeconds(30), 10_000);
        ledger = new Ledger(journal, Meters.standard(), clock, Duration.ofSeconds(10));
    }

    @Override
    PaymentsBuilder configured(PaymentsBuilder builder) {
        return builder.usageFrom(ledger, Meter.API_CALLS);
    }

    @Override
    void ended() {
        journal.close();
        assertThat(store.verify()).isEmpty();
        store.close();
    }

    private String use(String tenant, long quantity, Instant at) {
        String id = "e" + ++events;
        assertThat(ledger.record(UsageEvent.of(tenant, METER, "test", id, quantity, at)))
                .isInstanceOf(Booking.Booked.class);
        return id;
    }

    private void passTo(String instant) {
        clock.advance(Duration.between(clock.instant(), Instant.parse(instant)));
    }

    /** What is written down, in order, as "quantity at second". */
    private List<String> written() {
        return home.database()
                .read(
                        "Reading usage",
                        connection -> Sql.list(
                                connection,
                                "SELECT quantity, at FROM " + home.database().table("pay_usage")
                                        + " ORDER BY created_at, at, quantity",
                                row -> row.getLong(1) + " " + Instant.ofEpochMilli(row.getLong(2))));
    }

    private long used(String tenant) {
        return ledger.counted(UsageQuery.of(tenant, METER, Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z")))
                .quantity();
    }

    @Test
    void anHourIsReportedOnceItIsSettled() {
        subscribed("acme");
        use("acme", 3, Instant.parse("2026-01-31T10:05:00Z"));
        passTo("2026-01-31T10:59:00Z");
        use("acme", 4, Instant.parse("2026-01-31T10:58:59.500Z"));
        passTo("2026-01-31T11:09:59Z");
        payments.feed();
        assertThat(written()).isEmpty();
        passTo("2026-01-31T11:10:00Z");
        payments.feed();
        payments.feed();
        assertThat(written()).containsExactly("7 2026-01-31T10:58:59.500Z");
        payments.run();
        assertThat(stripe.meters.total()).isEqualTo(7);
    }

    @Test
    void whatComesLateIsReportedForItsHour() {
        subscribed("acme");
        use("acme", 3, Instant.parse("2026-01-31T10:05:00Z"));
        passTo("2026-01-31T11:30:00Z");
        payments.feed();
        // The one is of an hour that goes on, and the other must not be lost behind it.
        use("acme", 5, Instant.parse("2026-01-31T11:29:00Z"));
        use("acme", 1, Instant.parse("2026-01-31T10:06:00Z"));
        payments.feed();
        assertThat(written()).containsExactly("3 2026-01-31T10:05:00Z");
        passTo("2026-01-31T12:10:00Z");
        payments.feed();
        assertThat(written())
                .containsExactly("3 2026-01-31T10:05:00Z", "1 2026-01-31T10:06:00Z", "5 2026-01-31T11:29:00Z");
        payments.run();
        assertThat(stripe.meters.total()).isEqualTo(9);
    }

    @Test
    void whatIsTakenBackComesOffWhatIsReportedNext() {
        subscribed("acme");
        String wrong = use("acme", 10, Instant.parse("2026-01-31T10:05:00Z"));
        use("acme", 1, Instant.parse("2026-01-31T10:04:00Z"));
        passTo("2026-01-31T11:10:00Z");
        payments.feed();
        ledger.reverse("acme", "test", wrong, "support");
        payments.feed();
        use("acme", 4, clock.instant());
        passTo("2026-01-31T12:10:00Z");
        payments.feed();
        assertThat(written()).containsExactly("11 2026-01-31T10:05:00Z");
        use("acme", 20, clock.instant());
        passTo("2026-01-31T13:10:00Z");
        payments.feed();
        assertThat(written()).containsExactly("11 2026-01-31T10:05:00Z", "14 2026-01-31T12:10:00Z");
        payments.run();
        assertThat(stripe.meters.total()).isEqualTo(used("acme")).isEqualTo(25);
    }

    @Test
    void whatIsTakenBackBeforeItIsReportedWasNeverThere() {
        subscribed("acme");
        String wrong = use("acme", 10, Instant.parse("2026-01-31T10:05:00Z"));
        ledger.reverse("acme", "test", wrong, "support");
        passTo("2026-01-31T11:10:00Z");
        payments.feed();
        assertThat(written()).isEmpty();
        clock.advance(Duration.ofDays(40));
        payments.feed();
        assertThat(findings()).isEmpty();
    }

    @Test
    void whatNothingIsUsedForIsFoundAfterAMonth() throws Exception {
        subscribed("acme");
        String wrong = use("acme", 10, Instant.parse("2026-01-31T10:05:00Z"));
        passTo("2026-01-31T11:10:00Z");
        payments.feed();
        ledger.reverse("acme", "test", wrong, "support");
        payments.feed();
        stripe.advance(Duration.ofDays(30));
        deliverAll();
        payments.feed();
        assertThat(findings()).isEmpty();
        stripe.advance(Duration.ofDays(1));
        deliverAll();
        payments.feed();
        payments.feed();
        assertThat(findings()).containsExactly(Finding.Kind.USAGE_OWED);
        use("acme", 12, clock.instant());
        stripe.advance(Duration.ofHours(2));
        payments.feed();
        assertThat(findings()).isEmpty();
        assertThat(written()).hasSize(2).last().asString().startsWith("2 ");
    }

    @Test
    void anHourInWhichAPeriodEndsIsForTwoInvoices() throws Exception {
        passTo("2026-01-31T10:23:45Z");
        use("acme", 100, Instant.parse("2026-01-31T10:23:44Z"));
        subscribed("acme");
        stripe.advance(Duration.between(clock.instant(), Instant.parse("2026-02-28T10:23:40Z")));
        use("acme", 1, Instant.parse("2026-02-28T10:20:00Z"));
        stripe.advance(Duration.ofSeconds(10));
        use("acme", 2, Instant.parse("2026-02-28T10:23:45Z"));
        stripe.advance(Duration.between(clock.instant(), Instant.parse("2026-02-28T10:33:44Z")));
        payments.feed();
        assertThat(written()).isEmpty();
        // Long before the hour is over: the invoice does not wait for it.
        stripe.advance(Duration.ofSeconds(1));
        payments.feed();
        assertThat(written()).containsExactly("1 2026-02-28T10:20:00Z");
        deliverAll();
        stripe.advance(Duration.ofMinutes(37));
        payments.feed();
        assertThat(written()).containsExactly("1 2026-02-28T10:20:00Z", "2 2026-02-28T10:23:45Z");
        // The invoice of the month before is final: the next one has it.
        use("acme", 4, Instant.parse("2026-02-28T09:00:00Z"));
        payments.feed();
        assertThat(written()).hasSize(3).contains("4 2026-02-28T10:23:45Z");
        payments.run();
        assertThat(stripe.meters.total()).isEqualTo(7);
    }

    @Test
    void whatEndsIsReportedUntilItsLastInvoiceIsFinal() {
        subscribed("acme");
        passTo("2026-01-31T10:20:00Z");
        use("acme", 1, Instant.parse("2026-01-31T10:19:00Z"));
        payments.cancel("acme", "end", Operation.CancelWhen.NOW);
        use("acme", 2, Instant.parse("2026-01-31T10:20:00Z"));
        passTo("2026-01-31T10:30:00Z");
        payments.feed();
        assertThat(written()).containsExactly("1 2026-01-31T10:19:00Z");
        passTo("2026-01-31T11:20:00Z");
        use("acme", 4, Instant.parse("2026-01-31T10:18:00Z"));
        payments.feed();
        assertThat(written()).hasSize(1);
        List<Finding> found = payments.findings(10);
        assertThat(found).extracting(Finding::kind).containsExactly(Finding.Kind.USAGE_UNBILLED);
        assertThat(found.getFirst().detail()).startsWith("4 of api_calls");
        payments.subscribe("acme", "again", "stripe", "pro", USD, NO_TRIAL);
        use("acme", 8, clock.instant());
        passTo("2026-01-31T12:10:00Z");
        payments.feed();
        assertThat(written()).containsExactly("1 2026-01-31T10:19:00Z", "8 2026-01-31T11:20:00Z");
    }

    @Test
    void replicasThatRaceReportEachUnitOnce() throws Exception {
        List<String> tenants = List.of("acme", "bolt", "core", "dune");
        tenants.forEach(this::subscribed);
        List<Payments> replicas = List.of(payments, replica(false), replica(false));
        Random random = new Random(7);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int hour = 0; hour < 6; hour++) {
                for (String tenant : tenants) {
                    for (int i = 0; i < 5; i++) {
                        Instant at = clock.instant().minusSeconds(random.nextInt(3 * 3600));
                        String id = use(tenant, 1 + random.nextInt(9), max(at));
                        if (random.nextInt(4) == 0) {
                            ledger.reverse(tenant, "test", id, "");
                        }
                    }
                }
                clock.advance(Duration.ofMinutes(70));
                List<Callable<Boolean>> all = new ArrayList<>();
                for (Payments replica : replicas) {
                    all.add(() -> {
                        replica.feed();
                        replica.run();
                        return true;
                    });
                }
                for (var done : threads.invokeAll(all)) {
                    done.get();
                }
            }
        }
        // So that nothing is owed to anybody.
        tenants.forEach(tenant -> use(tenant, 1_000, clock.instant()));
        clock.advance(Duration.ofMinutes(70));
        payments.feed();
        clock.advance(Duration.ofMinutes(3));
        payments.run();
        assertThat(payments.usage().unsent()).isZero();
        assertThat(findings()).isEmpty();
        for (String tenant : tenants) {
            String customer = stripe.customerOf(tenant);
            assertThat(stripe.meters.taken().values().stream()
                            .filter(one -> one.customer().equals(customer))
                            .mapToLong(FakeMeters.Taken::value)
                            .sum())
                    .isEqualTo(used(tenant));
        }
    }

    /** Not before the subscription. */
    private static Instant max(Instant at) {
        Instant first = Instant.parse("2026-01-31T10:00:00Z");
        return at.isBefore(first) ? first : at;
    }

    @Test
    void whatFailsForOneTenantLeavesNothingHalfDoneAndKeepsNoOtherFromIt() {
        subscribed("acme");
        subscribed("bolt");
        use("acme", 3, clock.instant());
        clock.advance(Duration.ofHours(1));
        use("acme", 4, clock.instant());
        use("bolt", 5, clock.instant());
        // Somebody wrote down something else under this name: the second of two sums cannot be written.
        Usage other = new Usage("acme", METER, 99, clock.instant(), "2026-01-31T11:00:00Z/2");
        home.database().write("Using", connection -> payments.usage().add(connection, "stripe", other));
        clock.advance(Duration.ofMinutes(70));
        payments.feed();
        assertThat(written()).containsExactly("99 2026-01-31T11:00:00Z", "5 2026-01-31T11:00:00Z");
        home.database()
                .write(
                        "Deleting",
                        connection -> Sql.update(
                                connection,
                                "DELETE FROM " + home.database().table("pay_usage") + " WHERE quantity = 99"));
        payments.feed();
        payments.run();
        assertThat(stripe.meters.total()).isEqualTo(used("acme") + used("bolt")).isEqualTo(12);
    }

    @Test
    void manyEntriesAreReadInPages() {
        subscribed("acme");
        List<UsageEvent> all = new ArrayList<>();
        for (int i = 0; i < 12_000; i++) {
            Instant at = clock.instant().plusMillis(i % 200_000L);
            all.add(UsageEvent.of("acme", METER, "bulk", "b" + i, 1, at));
        }
        for (int from = 0; from < all.size(); from += 1_000) {
            ledger.record(all.subList(from, from + 1_000));
        }
        clock.advance(Duration.ofMinutes(70));
        payments.feed();
        assertThat(written()).containsExactly("12000 2026-01-31T10:00:11.999Z");
    }

    @Test
    void whatTheProviderCountsIsComparedWithWhatItHasTaken() throws Exception {
        subscribed("acme");
        Instant from = clock.instant();
        for (int hour = 0; hour < 10; hour++) {
            use("acme", 10 + hour, clock.instant());
            clock.advance(Duration.ofHours(1));
        }
        stripe.fail("POST /v1/billing/meter_events", Fault.ANSWER_LOST);
        stripe.fail("POST /v1/billing/meter_events", Fault.LOST);
        stripe.fail("POST /v1/billing/meter_events", Fault.TOO_MANY);
        stripe.fail("POST /v1/billing/meter_events", Fault.BROKEN);
        clock.advance(Duration.ofMinutes(10));
        payments.feed();
        payments.run();
        assertThat(payments.compareUsage(from)).as("not clear yet").isEmpty();
        for (int i = 0; i < 6; i++) {
            clock.advance(Duration.ofMinutes(10));
            payments.run();
        }
        clock.advance(Duration.ofHours(2));
        assertThat(payments.compareUsage(from))
                .singleElement()
                .matches(UsageComparison::isEqual)
                .matches(one -> one.here() == 145 && one.here() == used("acme"));
        String identifier = stripe.meters.taken().keySet().iterator().next();
        long lost = stripe.meters.taken().get(identifier).value();
        stripe.events.clear();
        stripe.meters.reject(identifier, "meter_event_invalid_value", 1);
        assertThat(payments.compareUsage(from)).singleElement().matches(one -> one.here() - one.there() == lost);
        assertThat(findings()).containsExactly(Finding.Kind.USAGE_DIFFERENT);
        // Then it says so itself: the two agree, and what was thrown away is found by its name.
        deliverAll();
        assertThat(payments.compareUsage(from)).singleElement().matches(UsageComparison::isEqual);
        assertThat(findings()).containsExactly(Finding.Kind.USAGE_REJECTED);
    }

    @Test
    void aComparisonThatBreaksOffLeavesWhatWasFound() {
        subscribed("acme");
        Instant from = clock.instant();
        use("acme", 3, clock.instant());
        clock.advance(Duration.ofHours(4));
        payments.feed();
        payments.run();
        stripe.fail("GET /v1/billing/meters", Fault.BROKEN);
        assertThat(payments.compareUsage(from)).isEmpty();
        assertThat(payments.compareUsage(from)).singleElement().matches(UsageComparison::isEqual);
    }
}
