package dev.mortise.billing.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.ledger.Batch;
import dev.mortise.billing.ledger.EventNumber;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.LedgerStore.Appended;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.Spent;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Whatever is booked, repeated, contradicted and taken back, in whatever batches: the ledger is what the model is. */
class LedgerPropertiesTest {
    private static final List<String> METERS = List.of("api_calls", "storage");
    private static final Instant JANUARY = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant FEBRUARY = Instant.parse("2026-02-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2026-02-09T00:00:00Z");
    private static final List<Instant> TIMES = List.of(JANUARY.minusMillis(1), JANUARY, FEBRUARY);
    private static final int LIMIT = 40;

    /** Few of each, so that they meet. */
    record Step(Kind kind, int tenant, String meter, int id, long quantity, Instant at, String item) {
        enum Kind {
            USE,
            REVERSAL,
            /** The replica's own, with a number that it gives out once. */
            CHARGE,
            /** With a number of the replica, which it may or may not have booked, or books later. */
            CHARGE_OF_ANOTHER,
            REVERSAL_OF_A_CHARGE
        }

        Post post(String run, LongSupplier next, long base) {
            String owner = run + tenant;
            return switch (kind) {
                case USE, REVERSAL -> post(owner);
                case CHARGE -> charge(owner, next.getAsLong(), true);
                case CHARGE_OF_ANOTHER -> charge(owner, base + id, false);
                case REVERSAL_OF_A_CHARGE ->
                    new Post.Reverse(
                            owner,
                            "test",
                            charge(owner, base + id, false).event().id(),
                            "ann",
                            LATER);
            };
        }

        private Post.Use charge(String owner, long number, boolean fresh) {
            String name = EventNumber.id(EventNumber.charge("r1", number), "api_calls");
            return new Post.Use(
                    UsageEvent.of(owner, "api_calls", "test", name, Math.abs(quantity), at)
                            .of(item, ""),
                    LATER,
                    fresh);
        }

        private Post post(String owner) {
            boolean reversal = kind == Kind.REVERSAL;
            return reversal
                    ? new Post.Reverse(owner, "test", "e" + id, "ann", LATER)
                    : new Post.Use(
                            UsageEvent.of(owner, meter, "test", "e" + id, quantity, at)
                                    .of(item, ""),
                            LATER);
        }
    }

    /** @param leased before the batch, if any are left; @param spent with it, of what is held */
    record Turn(List<Step> steps, int leased, int spent, boolean looks) {}

    private Path directory;
    private LedgerHome home;
    private LedgerStore store;
    private long runs;
    private final AtomicLong numbers = new AtomicLong();
    private long sequence;

    @BeforeProperty
    void open() throws IOException {
        directory = Files.createTempDirectory("ledger");
        home = LedgerHome.sqlite(directory);
        store = home.store();
        store.join("r1", Duration.ofHours(1));
    }

    @AfterProperty
    void close() throws Exception {
        home.close();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    @Provide
    Arbitrary<Turn> turns() {
        Arbitrary<Step> steps = Combinators.combine(
                        Arbitraries.frequency(
                                net.jqwik.api.Tuple.of(6, Step.Kind.USE),
                                net.jqwik.api.Tuple.of(2, Step.Kind.REVERSAL),
                                net.jqwik.api.Tuple.of(8, Step.Kind.CHARGE),
                                net.jqwik.api.Tuple.of(1, Step.Kind.CHARGE_OF_ANOTHER),
                                net.jqwik.api.Tuple.of(1, Step.Kind.REVERSAL_OF_A_CHARGE)),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.of(METERS),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.longs().between(-4, 6).filter(quantity -> quantity != 0),
                        Arbitraries.of(TIMES),
                        Arbitraries.of("", "tool"))
                .as(Step::new);
        return Combinators.combine(
                        steps.list().ofMaxSize(6),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.of(true, false))
                .as(Turn::new);
    }

    @Property(tries = 200)
    void theLedgerIsWhatTheModelIs(@ForAll List<@net.jqwik.api.From("turns") Turn> given) throws Exception {
        String run = "run" + ++runs + "-";
        LedgerModel model = new LedgerModel();
        long base = numbers.get() + 1;
        for (Turn turn : given.subList(0, Math.min(given.size(), 12))) {
            Window window = window(run + 0, "api_calls");
            if (turn.looks()) {
                METERS.forEach(meter -> store.look(window(run + 1, meter)));
            }
            if (turn.leased() > 0) {
                store.lease("r1", window, LIMIT, turn.leased(), turn.leased());
            }
            List<Post> posts = turn.steps().stream()
                    .map(step -> step.post(run, numbers::incrementAndGet, base))
                    .toList();
            List<Spent> spent = turn.spent() > 0 ? List.of(new Spent(window, turn.spent())) : List.of();
            Appended.Done done = (Appended.Done) store.append(new Batch("r1", ++sequence, posts, spent));
            assertThat(done.bookings().stream().map(LedgerModel.Result::of).toList())
                    .as("%s", posts)
                    .isEqualTo(model.append(posts));
        }
        for (String tenant : List.of(run + 0, run + 1)) {
            METERS.forEach(meter -> same(model, tenant, meter));
        }
        List<String> stored = totals(run);
        assertThat(store.verify()).isEmpty();
        for (String tenant : List.of(run + 0, run + 1)) {
            METERS.forEach(meter -> store.rebuild(tenant, meter));
        }
        assertThat(totals(run)).as("rebuilding changes nothing").containsExactlyInAnyOrderElementsOf(stored);
    }

    private void same(LedgerModel model, String tenant, String meter) {
        assertThat(store.balance(tenant, meter)).isEqualTo(model.balance(tenant, meter));
        UsageQuery all = UsageQuery.of(tenant, meter, Instant.EPOCH, LATER);
        assertThat(store.entries(all, 1000).stream().map(LedgerModel.Entry::of))
                .containsExactlyInAnyOrderElementsOf(model.entries(tenant, meter));
        Window window = window(tenant, meter);
        assertThat(store.look(window).used()).isEqualTo(model.used(tenant, meter, window.startsAt(), window.endsAt()));
    }

    private static Window window(String tenant, String meter) {
        return Window.of(tenant, meter, JANUARY, FEBRUARY);
    }

    /** Every total as it is stored; all accounts of a tenant and meter together hold zero. */
    private List<String> totals(String run) throws Exception {
        try (Connection connection = home.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet sums = statement.executeQuery("SELECT COUNT(*) FROM (SELECT 1 FROM ledger_account"
                    + " GROUP BY tenant, meter HAVING SUM(debits) <> SUM(credits) OR COUNT(*) <> 2)")) {
                sums.next();
                assertThat(sums.getLong(1)).as("accounts that are not balanced").isZero();
            }
            List<String> totals = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("SELECT tenant || meter || account || ' ' || debits || ' ' ||"
                    + " credits || ' ' || position FROM ledger_account UNION ALL SELECT tenant || meter || starts_at ||"
                    + " ' ' || used || ' ' || leased FROM ledger_window")) {
                while (rows.next()) {
                    totals.add(rows.getString(1));
                }
            }
            return totals.stream().filter(total -> total.startsWith(run)).toList();
        }
    }
}
