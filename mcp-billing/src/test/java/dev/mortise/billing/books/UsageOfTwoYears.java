package dev.mortise.billing.books;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.Ledger;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.UsageReader;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.period.BillingCycle;
import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.Allowance;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Measure;
import dev.mortise.billing.plan.Standing;
import dev.mortise.billing.quota.Admission;
import dev.mortise.billing.quota.Quotas;
import dev.mortise.billing.quota.Request;
import dev.mortise.billing.quota.Reservation;
import dev.mortise.billing.store.LedgerHome;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A ledger in a SQLite file, in which two years are booked the way that servers do it: calls are reserved, under a hard limit
 * of each month, and committed, many at a time; what others report, late or for a level, is recorded in batches; what is taken
 * back is reversed. Refuses nothing: what the ledger does not take fails the test.
 */
final class UsageOfTwoYears implements AutoCloseable {
    private static final String MCP = "mcp";
    private static final String REPORTED = "reported";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final BillingCycle MONTHS = new BillingCycle(LocalDateTime.of(2024, 1, 1, 0, 0), ZoneOffset.UTC, 1);

    /** Where an event stands in the ledger. */
    record Booked(String source, String id) {}

    private record Key(String tenant, String meter) {}

    private final LedgerHome home;
    private final Journal journal;
    private final Ledger ledger;
    private final Quotas quotas;
    private final Clock clock;
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<Reservation.Commit>> committing = new ArrayList<>();
    private final List<Future<Booked>> reversing = new ArrayList<>();
    private final List<UsageEvent> reported = new ArrayList<>();
    private final Set<Booked> unsettled = new HashSet<>();
    private final Map<String, Long> sums = new TreeMap<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private long count;

    UsageOfTwoYears(Path directory, Clock clock) {
        this.clock = clock;
        this.home = LedgerHome.sqlite(directory);
        this.journal = Journal.start(home.store(), Duration.ofMinutes(5), 10_000);
        this.ledger = new Ledger(journal, Meters.standard(), clock, PATIENCE);
        this.quotas =
                Quotas.start(journal, Meters.standard(), UsageOfTwoYears::entitled, clock, PATIENCE, reached -> {});
    }

    private static Entitlement entitled(String tenant, Instant at) {
        Period month = MONTHS.periodAt(at);
        OptionalLong limit = OptionalLong.of(1_000_000);
        Allowance monthly = new Allowance("api_calls", Measure.SUM, month, limit, limit, List.of(80, 100));
        return new Entitlement(
                tenant,
                Standing.ACTIVE,
                Optional.empty(),
                month,
                Map.of("api_calls", monthly),
                Set.of(),
                month.end(),
                at);
    }

    UsageReader reader() {
        return ledger;
    }

    /** Books an event: as a call, if it is one of this very moment. */
    Booked use(String tenant, Oracle.Event event) {
        Booked booked = book(tenant, event);
        unsettled.add(booked);
        return booked;
    }

    private Booked book(String tenant, Oracle.Event event) {
        note(tenant, event.meter(), event.quantity());
        if (!event.meter().equals("api_calls") || !event.at().equals(clock.instant())) {
            String id = "e" + ++count;
            reported.add(UsageEvent.of(tenant, event.meter(), REPORTED, id, event.quantity(), event.at()));
            return new Booked(REPORTED, id);
        }
        Request request = new Request(tenant, Map.of(event.meter(), event.quantity()), MCP, "tool", "somebody");
        Admission admission = quotas.reserve(request, Duration.ofDays(1));
        assertThat(admission).isInstanceOf(Admission.Reserved.class);
        Reservation reservation = ((Admission.Reserved) admission).reservation();
        assertThat(reservation.at()).isEqualTo(event.at());
        committing.add(calls.submit(() -> reservation.commit()));
        return new Booked(MCP, reservation.id() + "/" + event.meter());
    }

    /** Takes an event back, wholly; now and then a second time, as whoever is not sure does. */
    void takeBack(String tenant, Oracle.Event event, Booked booked) throws Exception {
        if (unsettled.contains(booked)) {
            settle();
        }
        note(tenant, event.meter(), -event.quantity());
        boolean twice = ++count % 10 == 0;
        reversing.add(calls.submit(() -> {
            assertThat(reverse(tenant, booked)).isInstanceOf(Booking.Booked.class);
            if (twice) {
                assertThat(reverse(tenant, booked)).isInstanceOf(Booking.Repeated.class);
            }
            return booked;
        }));
    }

    private Booking reverse(String tenant, Booked booked) {
        return ledger.reverse(tenant, booked.source(), booked.id(), "support");
    }

    private void note(String tenant, String meter, long quantity) {
        sums.merge(tenant + "/" + meter, quantity, Long::sum);
        counts.merge(tenant + "/" + meter, 1L, Long::sum);
    }

    /** Waits until all of it is in the ledger. Some of it is reported twice, as whoever is not sure does. */
    void settle() throws Exception {
        for (Future<Reservation.Commit> one : committing) {
            Reservation.Commit commit = one.get();
            assertThat(commit).isInstanceOf(Reservation.Commit.Booked.class);
            assertThat(((Reservation.Commit.Booked) commit).bookings().values()).allMatch(Booking::isKept);
        }
        committing.clear();
        for (Future<Booked> one : reversing) {
            one.get();
        }
        reversing.clear();
        unsettled.clear();
        if (!reported.isEmpty()) {
            assertThat(ledger.record(reported)).allMatch(booking -> booking instanceof Booking.Booked);
            UsageEvent again = reported.getLast();
            assertThat(ledger.record(again)).isInstanceOf(Booking.Repeated.class);
            reported.clear();
        }
    }

    /** That the ledger has all of it, each once, and that its totals are those of its entries. */
    void checkTheEnd() throws Exception {
        settle();
        assertThat(ledger.verify()).isEmpty();
        for (Map.Entry<String, Long> sum : sums.entrySet()) {
            Key key = new Key(
                    sum.getKey().substring(0, sum.getKey().indexOf('/')),
                    sum.getKey().substring(sum.getKey().indexOf('/') + 1));
            assertThat(ledger.balance(key.tenant(), key.meter()))
                    .as(sum.getKey())
                    .isEqualTo(sum.getValue());
            UsageQuery all = UsageQuery.of(
                    key.tenant(), key.meter(), Instant.EPOCH, clock.instant().plusSeconds(1));
            List<LedgerEntry> entries = ledger.entries(all, 10_000);
            assertThat(entries).as(sum.getKey()).hasSize(Math.toIntExact(counts.get(sum.getKey())));
            assertThat(entries.stream().mapToLong(LedgerEntry::quantity).sum()).isEqualTo(sum.getValue());
        }
    }

    @Override
    public void close() throws Exception {
        calls.close();
        quotas.close();
        journal.close();
        home.close();
    }
}
