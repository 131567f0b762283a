package dev.mortise.benchmarks.billing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.benchmarks.Latencies;
import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.Ledger;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.quota.Reservation;
import dev.mortise.billing.store.JdbcLedgerStore;
import dev.mortise.mcp.store.jdbc.Durability;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is measured is what it is called: a call that is charged, an event that is in the ledger, totals that are right. */
class MeteringBenchmarksTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void aReservationIsCommittedOrReleased() {
        ReservationBenchmark benchmark = new ReservationBenchmark();
        benchmark.name();
        for (int i = 0; i < 100; i++) {
            assertThat(benchmark.reserveAndCommit()).isInstanceOf(Reservation.Commit.Buffered.class);
            assertThat(benchmark.reserveAndRelease()).isTrue();
        }
        benchmark.close();
        assertThat(benchmark.store.entries()).isEqualTo(100);
    }

    @ParameterizedTest
    @EnumSource
    void aMeteredCallIsAnsweredAsAnyOtherAndCharged(Metered metered) throws Exception {
        try (MeteredServer plain = new MeteredServer(Metered.NONE, "sqlite");
                MeteredServer server = new MeteredServer(metered, "sqlite")) {
            assertThat(new String(plain.call(), StandardCharsets.UTF_8)).contains("22740 cents");
            boolean hasReceipt = metered == Metered.WITH_HMAC || metered == Metered.WITH_ED25519;
            for (int i = 0; i < 10; i++) {
                byte[] answer = server.call();
                if (hasReceipt) {
                    assertThat(new String(answer, StandardCharsets.UTF_8)).contains("22740 cents", "usageReceipt");
                } else {
                    assertThat(answer).isEqualTo(plain.call());
                }
            }
            if (metered != Metered.NOWHERE) {
                assertThat(server.charged()).isEqualTo(metered == Metered.NONE ? 0 : 10);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgres"})
    void everyEventThatWasAcknowledgedIsInTheLedger(String name) throws Exception {
        try (Durable database = Durable.of(name);
                JdbcLedgerStore store = JdbcLedgerStore.in(database.dataSource())
                        .durability(Durability.SYNCED)
                        .timeout(LONG)
                        .migrate();
                Journal journal = Journal.start(store, LONG, 1_000)) {
            Ledger ledger = new Ledger(journal, Meters.standard(), Clock.systemUTC(), LONG);
            Latencies latencies = EventsRun.load(ledger, "test", 2, Duration.ofMillis(200));
            long booked = 0;
            for (String tenant : new String[] {"tenant-0", "tenant-1"}) {
                booked += ledger.counted(
                                UsageQuery.of(tenant, "api_calls", WidePlan.PERIOD.start(), WidePlan.PERIOD.end()))
                        .entries();
            }
            assertThat(booked).isEqualTo(latencies.count());
            assertThat(ledger.verify()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgres"})
    void totalsAreMadeAnewFromTheEntries(String name) throws Exception {
        try (Durable database = Durable.of(name)) {
            assertThat(RebuildRun.run(database, 7_500)).isNotNull();
        }
    }
}
