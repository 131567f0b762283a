package dev.mortise.billing.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.billing.ledger.Account;
import dev.mortise.billing.ledger.Batch;
import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.Booking.Reason;
import dev.mortise.billing.ledger.CounterUsage;
import dev.mortise.billing.ledger.EventNumber;
import dev.mortise.billing.ledger.GaugeUsage;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.LedgerStore.Appended;
import dev.mortise.billing.ledger.LedgerStore.Leased;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.Spent;
import dev.mortise.billing.ledger.Threshold;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.Window;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.jdbc.Durability;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of a ledger does. */
abstract class LedgerStoreContract {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Instant JANUARY = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant FEBRUARY = Instant.parse("2026-02-01T00:00:00Z");
    private static final Window MONTH = Window.of("acme", "api_calls", JANUARY, FEBRUARY);

    private LedgerHome home;
    private LedgerStore store;
    private long sequence;

    abstract LedgerHome open();

    @BeforeEach
    void join() {
        home = open();
        store = home.store();
        store.join("r1", LONG);
    }

    @AfterEach
    void close() throws Exception {
        assertThat(store.verify()).as("totals are what the entries say").isEmpty();
        home.close();
    }

    private static UsageEvent call(String id, long quantity, Instant at) {
        return UsageEvent.of("acme", "api_calls", "test", id, quantity, at);
    }

    private static UsageEvent stored(String id, long quantity, Instant at) {
        return UsageEvent.of("acme", "storage", "test", id, quantity, at);
    }

    private static Post use(UsageEvent event) {
        return new Post.Use(event, JANUARY);
    }

    private static Post reverse(String id) {
        return new Post.Reverse("acme", "test", id, "ann", FEBRUARY);
    }

    private List<Booking> append(List<Post> posts, Spent... spent) {
        return done(store.append(new Batch("r1", ++sequence, posts, List.of(spent))))
                .bookings();
    }

    private static Appended.Done done(Appended appended) {
        assertThat(appended).isInstanceOf(Appended.Done.class);
        return (Appended.Done) appended;
    }

    private static UsageQuery month() {
        return UsageQuery.of("acme", "api_calls", JANUARY, FEBRUARY);
    }

    @Test
    void anEventIsBookedOnce() {
        assertThat(append(List.of(use(call("a", 3, JANUARY))))).containsExactly(new Booking.Booked(1));
        assertThat(append(List.of(use(call("a", 3, JANUARY))))).containsExactly(new Booking.Repeated(1));
        assertThat(store.balance("acme", "api_calls")).isEqualTo(3);
        assertThat(store.counted(month()).entries()).isEqualTo(1);
    }

    @Test
    void theSameIdWithSomethingElseIsAConflict() {
        append(List.of(use(call("a", 3, JANUARY))));
        List<Booking> others = append(List.of(
                use(call("a", 4, JANUARY)),
                use(call("a", 3, JANUARY.plusMillis(1))),
                use(UsageEvent.of("acme", "ai_operations", "test", "a", 3, JANUARY)),
                use(call("a", 3, JANUARY).of("tool", ""))));
        assertThat(others).allMatch(new Booking.Refused(Reason.CONFLICT)::equals);
        assertThat(append(List.of(
                        use(UsageEvent.of("acme", "api_calls", "other", "a", 4, JANUARY)),
                        use(UsageEvent.of("other", "api_calls", "test", "a", 4, JANUARY)))))
                .as("ids are those of a tenant and a source")
                .allMatch(Booking::isKept);
        assertThat(store.balance("acme", "api_calls")).isEqualTo(7);
    }

    @Test
    void oneBatchMayHoldTheSameEventTwice() {
        assertThat(append(List.of(
                        use(call("a", 3, JANUARY)),
                        use(call("a", 3, JANUARY)),
                        use(call("a", 5, JANUARY)),
                        use(call("b", 1, JANUARY)))))
                .containsExactly(
                        new Booking.Booked(1),
                        new Booking.Repeated(1),
                        new Booking.Refused(Reason.CONFLICT),
                        new Booking.Booked(2));
        assertThat(store.balance("acme", "api_calls")).isEqualTo(4);
    }

    @Test
    void aRepeatedEventAmongNewOnesChangesNothingElse() {
        append(List.of(use(call("a", 3, JANUARY))));
        assertThat(append(
                        List.of(use(call("b", 10, JANUARY)), use(call("a", 3, JANUARY)), use(call("c", 100, JANUARY)))))
                .extracting(Booking::isKept)
                .containsOnly(true);
        assertThat(store.balance("acme", "api_calls")).isEqualTo(113);
        assertThat(store.entries(month(), 10)).extracting(LedgerEntry::id).containsExactly("a", "b", "c");
    }

    @Test
    void whatIsUsedIsSupplied() {
        append(List.of(
                use(call("a", 3, JANUARY).of("search", "ann")),
                use(stored("b", 10, JANUARY)),
                use(stored("c", -4, JANUARY))));
        LedgerEntry used = store.entries(month(), 10).getFirst();
        assertThat(used.debit()).isEqualTo(Account.USED);
        assertThat(used.credit()).isEqualTo(Account.SUPPLIED);
        assertThat(used.quantity()).isEqualTo(3);
        assertThat(used.item()).isEqualTo("search");
        assertThat(used.actor()).isEqualTo("ann");
        List<LedgerEntry> levels = store.entries(UsageQuery.of("acme", "storage", JANUARY, FEBRUARY), 10);
        assertThat(levels).extracting(LedgerEntry::quantity).containsExactly(10L, -4L);
        assertThat(levels.get(1).debit()).isEqualTo(Account.SUPPLIED);
        assertThat(levels).extracting(LedgerEntry::amount).allMatch(amount -> amount > 0);
        assertThat(store.metersOf("acme")).containsExactly("api_calls", "storage");
    }

    @Test
    void aReversalTakesBackAnEntryOnceInItsOwnPeriod() {
        append(List.of(use(call("a", 3, JANUARY)), use(call("b", 4, JANUARY))));
        assertThat(append(List.of(reverse("a")))).containsExactly(new Booking.Booked(3));
        assertThat(append(List.of(reverse("a"), reverse("nothing"))))
                .containsExactly(new Booking.Repeated(3), new Booking.Refused(Reason.UNKNOWN_ENTRY));
        assertThat(store.counted(month())).isEqualTo(new CounterUsage(4, 3, 3));
        LedgerEntry reversal = store.entries(month().after(2), 10).getFirst();
        assertThat(reversal.reversal()).isTrue();
        assertThat(reversal.id()).isEqualTo("a");
        assertThat(reversal.at()).isEqualTo(JANUARY);
        assertThat(reversal.recordedAt()).isEqualTo(FEBRUARY);
        assertThat(reversal.actor()).isEqualTo("ann");
        assertThat(append(List.of(use(call("a", 3, JANUARY)))))
                .as("what was taken back does not come again")
                .containsExactly(new Booking.Repeated(1));
    }

    @Test
    void anEventAndItsReversalMayGoTogether() {
        assertThat(append(List.of(use(call("a", 3, JANUARY)), reverse("a"), reverse("a"))))
                .containsExactly(new Booking.Booked(1), new Booking.Booked(2), new Booking.Repeated(2));
        assertThat(store.balance("acme", "api_calls")).isZero();
    }

    @Test
    void aLevelIsNeverBelowZero() {
        assertThat(append(List.of(
                        use(stored("a", 5, JANUARY)), use(stored("b", -6, JANUARY)), use(stored("c", -5, JANUARY)))))
                .containsExactly(new Booking.Booked(1), new Booking.Refused(Reason.BELOW_ZERO), new Booking.Booked(2));
        assertThat(append(List.of(use(stored("a", 5, JANUARY)), use(stored("d", -5, JANUARY)))))
                .as("a repeated increase is none")
                .containsExactly(new Booking.Repeated(1), new Booking.Refused(Reason.BELOW_ZERO));
        assertThat(append(List.of(reverse("a")))).containsExactly(new Booking.Refused(Reason.BELOW_ZERO));
        assertThat(append(List.of(
                        use(stored("b", -6, JANUARY)), use(stored("e", 6, JANUARY)), use(stored("f", -6, JANUARY)))))
                .as("what was refused may be tried again, in order")
                .containsExactly(new Booking.Refused(Reason.BELOW_ZERO), new Booking.Booked(3), new Booking.Booked(4));
        assertThat(store.balance("acme", "storage")).isZero();
    }

    @Test
    void aTotalThatDoesNotFitIsRefused() {
        assertThat(append(List.of(
                        use(call("a", Long.MAX_VALUE - 1, JANUARY)),
                        use(call("b", 2, JANUARY)),
                        use(call("c", 1, JANUARY)))))
                .containsExactly(new Booking.Booked(1), new Booking.Refused(Reason.OVERFLOW), new Booking.Booked(2));
        assertThat(store.balance("acme", "api_calls")).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aBatchThatIsSentTwiceGoesInOnce() {
        Batch batch = new Batch("r1", 1, List.of(use(call("a", 3, JANUARY))), List.of());
        done(store.append(batch));
        assertThat(store.append(batch)).isInstanceOf(Appended.Before.class);
        assertThatThrownBy(() -> store.append(new Batch("r1", 7, List.of(), List.of())))
                .isInstanceOf(IllegalStateException.class);
        assertThat(store.append(new Batch("stranger", 1, batch.posts(), List.of())))
                .isInstanceOf(Appended.Fenced.class);
        assertThat(store.balance("acme", "api_calls")).isEqualTo(3);
    }

    @Test
    void aPeriodIsHalfOpen() {
        append(List.of(
                use(call("before", 1, JANUARY.minusMillis(1))),
                use(call("first", 10, JANUARY)),
                use(call("last", 100, FEBRUARY.minusMillis(1))),
                use(call("after", 1000, FEBRUARY))));
        assertThat(store.counted(month()).quantity()).isEqualTo(110);
    }

    @Test
    void whatComesLateIsToldApartByItsPosition() {
        append(List.of(use(call("a", 1, JANUARY)), use(call("b", 2, FEBRUARY))));
        long invoiced = store.counted(month()).position();
        append(List.of(use(call("late", 4, JANUARY.plusSeconds(9))), reverse("a")));
        assertThat(store.counted(month().through(invoiced)).quantity()).isEqualTo(1);
        assertThat(store.counted(month().after(invoiced)).quantity()).isEqualTo(3);
        assertThat(store.counted(month()).quantity()).isEqualTo(4);
        assertThat(store.entries(month().after(invoiced), 10))
                .extracting(LedgerEntry::id)
                .containsExactly("late", "a");
    }

    @Test
    void aLevelIsFollowedThroughTime() {
        Instant noon = JANUARY.plusSeconds(12 * 3600);
        append(List.of(
                use(stored("a", 100, JANUARY.minusSeconds(50))),
                use(stored("b", 50, noon)),
                use(stored("c", -120, noon.plusSeconds(3600))),
                use(stored("d", 7, FEBRUARY))));
        UsageQuery day = UsageQuery.of("acme", "storage", JANUARY, JANUARY.plusSeconds(86_400));
        GaugeUsage usage = store.gauged(day);
        assertThat(usage.opening()).isEqualTo(100);
        assertThat(usage.closing()).isEqualTo(30);
        assertThat(usage.peak()).isEqualTo(150);
        assertThat(usage.unitMillis())
                .isEqualTo(BigInteger.valueOf((100L * 43_200 + 150 * 3_600 + 30 * 39_600) * 1_000));
        assertThat(usage.average()).isEqualByComparingTo(new BigDecimal("70"));
        append(List.of(use(stored("late", 1000, noon.minusSeconds(1)))));
        assertThat(store.gauged(day.through(usage.position())))
                .isEqualTo(new GaugeUsage(
                        usage.opening(), usage.closing(), usage.peak(), usage.unitMillis(), usage.length(), 5));
        assertThat(store.gauged(day).peak()).isEqualTo(1150);
    }

    @Test
    void aWindowBeginsWithWhatWasUsedAndIsKeptUp() {
        append(List.of(use(call("a", 3, JANUARY)), use(call("b", 5, FEBRUARY))));
        assertThat(store.look(MONTH).used()).isEqualTo(3);
        Appended.Done done = done(store.append(new Batch(
                "r1",
                ++sequence,
                List.of(use(call("c", 4, JANUARY)), use(call("d", 9, FEBRUARY)), reverse("a")),
                List.of())));
        assertThat(done.windows()).containsExactly(new LedgerStore.WindowState(MONTH, 4, 0));
        assertThat(store.look(MONTH).used()).isEqualTo(4);
    }

    @Test
    void unitsAreLeasedUpToTheLimitAndGivenUpWithTheEvent() {
        Leased first = store.lease("r1", MONTH, 100, 1, 50);
        assertThat(first).isInstanceOf(Leased.Granted.class);
        assertThat(((Leased.Granted) first).units()).as("an eighth").isEqualTo(12);
        store.join("r2", LONG);
        assertThat(((Leased.Granted) store.lease("r2", MONTH, 100, 80, 80)).units())
                .as("what is needed")
                .isEqualTo(80);
        assertThat(store.lease("r2", MONTH, 100, 9, 9)).isInstanceOf(Leased.Exhausted.class);
        append(List.of(use(call("a", 10, JANUARY))), new Spent(MONTH, 10));
        assertThat(store.look(MONTH)).isEqualTo(new LedgerStore.WindowState(MONTH, 10, 82));
        append(List.of(), new Spent(MONTH, 2));
        assertThat(store.look(MONTH)).isEqualTo(new LedgerStore.WindowState(MONTH, 10, 80));
        store.leave("r2");
        assertThat(store.look(MONTH)).isEqualTo(new LedgerStore.WindowState(MONTH, 10, 0));
        assertThat(store.renew("r2", LONG)).isFalse();
    }

    @Test
    void whatTheLongDeadHeldIsGivenBackThoughNobodyWantsIt() throws Exception {
        store.join("dead", LONG);
        store.join("late", LONG);
        store.lease("dead", MONTH, 100, 9, 9);
        store.lease("late", MONTH, 100, 5, 5);
        done(store.append(new Batch("dead", 1, List.of(use(call("a", 4, JANUARY))), List.of(new Spent(MONTH, 4)))));
        execute("UPDATE %sledger_replica SET expires_at = expires_at - 90000000 WHERE id = 'dead'");
        execute("UPDATE %sledger_replica SET expires_at = expires_at - 80000000 WHERE id = 'late'");
        store.join("r2", LONG);
        assertThat(store.look(MONTH))
                .as("what was used stays, and so does what may be somebody's")
                .isEqualTo(new LedgerStore.WindowState(MONTH, 4, 5));
        assertThat(count("SELECT count(*) FROM %sledger_replica WHERE id = 'dead'"))
                .isZero();
        assertThat(count("SELECT count(*) FROM %sledger_lease WHERE replica = 'dead'"))
                .isZero();
        assertThat(store.renew("dead", LONG)).as("it takes another name").isFalse();
        assertThat(store.append(new Batch("dead", 2, List.of(use(call("b", 1, JANUARY))), List.of())))
                .isInstanceOf(Appended.Fenced.class);
    }

    private long count(String sql) throws Exception {
        try (Connection connection = home.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(sql.formatted(home.schema().isEmpty() ? "" : home.schema() + "."))) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void whatADeadReplicaHeldIsFreeAgain() {
        store.join("dead", Duration.ofMillis(1));
        store.lease("dead", MONTH, 10, 9, 9);
        Eventually.holds("it is reclaimed", () -> store.lease("r1", MONTH, 10, 9, 9) instanceof Leased.Granted);
        assertThat(store.renew("dead", LONG)).as("it cannot come back").isFalse();
        Appended.Done late = done(store.append(
                new Batch("dead", 1, List.of(use(call("late", 9, JANUARY))), List.of(new Spent(MONTH, 9)))));
        assertThat(late.bookings()).containsExactly(new Booking.Booked(1));
        assertThat(store.look(MONTH))
                .as("what it did counts, and takes nothing of what the other holds")
                .isEqualTo(new LedgerStore.WindowState(MONTH, 9, 9));
    }

    @Test
    void aThresholdIsReachedOnceAndToldUntilSomebodyWasTold() {
        Threshold threshold = new Threshold(MONTH, 80, 1000, 801, JANUARY);
        assertThat(store.reached(threshold)).isTrue();
        assertThat(store.reached(new Threshold(MONTH, 80, 1000, 900, FEBRUARY))).isFalse();
        assertThat(store.untold(Duration.ofMillis(1), 10)).containsExactly(threshold);
        Eventually.holds("it is given out again", () -> !store.untold(LONG, 10).isEmpty());
        assertThat(store.untold(LONG, 10)).as("somebody is telling").isEmpty();
        store.told(threshold);
        assertThat(store.reached(threshold)).isFalse();
        assertThat(store.reached(new Threshold(MONTH, 80, 5000, 4000, FEBRUARY)))
                .as("of another plan")
                .isTrue();
    }

    @Test
    void rebuildingGivesWhatIsStored() throws Exception {
        store.look(MONTH);
        store.lease("r1", MONTH, 100, 5, 5);
        append(List.of(use(call("a", 3, JANUARY)), use(call("b", 5, JANUARY)), reverse("a")));
        LedgerStore.WindowState before = store.look(MONTH);
        try (Connection connection = home.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            String prefix = home.schema().isEmpty() ? "" : home.schema() + ".";
            statement.execute("UPDATE " + prefix + "ledger_account SET debits = debits + 1, position = 0");
            statement.execute("UPDATE " + prefix + "ledger_window SET used = 77");
        }
        assertThat(store.verify()).hasSize(3);
        store.rebuild("acme", "api_calls");
        assertThat(store.verify()).isEmpty();
        assertThat(store.look(MONTH)).isEqualTo(before);
        assertThat(append(List.of(use(call("c", 1, JANUARY))))).containsExactly(new Booking.Booked(4));
    }

    @Test
    void aReversalOfWhatWasRefusedIsNone() {
        assertThat(append(List.of(use(stored("a", -6, JANUARY)), reverse("a"), reverse("a"))))
                .containsExactly(
                        new Booking.Refused(Reason.BELOW_ZERO),
                        new Booking.Refused(Reason.UNKNOWN_ENTRY),
                        new Booking.Refused(Reason.UNKNOWN_ENTRY));
        assertThat(store.balance("acme", "storage")).isZero();
    }

    @Test
    void rebuildingDoesNotTakeAPositionBack() {
        append(List.of(use(call("a", 3, JANUARY))));
        append(List.of(use(call("a", 3, JANUARY))));
        long invoiced = store.counted(month()).position();
        store.rebuild("acme", "api_calls");
        append(List.of(use(call("late", 4, JANUARY))));
        assertThat(store.counted(month().through(invoiced)).quantity()).isEqualTo(3);
        assertThat(store.counted(month().after(invoiced)).quantity()).isEqualTo(4);
    }

    @Test
    void replicasThatBookTheSameAtTheSameTimeBookItOnce() throws Exception {
        int replicas = 4;
        int batches = 20;
        List<Future<Integer>> booked = new ArrayList<>();
        store.look(MONTH);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int r = 0; r < replicas; r++) {
                String replica = "racer-" + r;
                LedgerStore mine = home.store();
                mine.join(replica, LONG);
                booked.add(threads.submit(() -> {
                    int count = 0;
                    for (int b = 0; b < batches; b++) {
                        List<Post> posts = new ArrayList<>();
                        for (int i = 0; i < 10; i++) {
                            posts.add(use(call("shared-" + b + "-" + i, 1, JANUARY)));
                            posts.add(use(UsageEvent.of("t" + i, "api_calls", "test", "shared-" + b, 1, JANUARY)));
                        }
                        for (Booking booking : done(mine.append(new Batch(replica, b + 1, posts, List.of())))
                                .bookings()) {
                            count += booking instanceof Booking.Booked ? 1 : 0;
                        }
                    }
                    return count;
                }));
            }
        }
        int sum = 0;
        for (Future<Integer> each : booked) {
            sum += each.get();
        }
        assertThat(sum).isEqualTo(batches * 20);
        assertThat(store.look(MONTH).used()).isEqualTo(batches * 10);
    }

    @Test
    void whatIsStoredSurvivesARestart() throws Exception {
        append(List.of(use(call("a", 3, JANUARY))));
        home.restart();
        store = home.store(Durability.BUFFERED);
        assertThat(store.counted(month()).quantity()).isEqualTo(3);
        assertThat(append(List.of(use(call("a", 3, JANUARY)))))
                .as("the replica goes on where it was")
                .containsExactly(new Booking.Repeated(1));
    }

    /** A charge of a process, by its number, as it books it itself. */
    private static Post.Use charge(String replica, long number, long quantity, Instant at) {
        String id = EventNumber.id(EventNumber.charge(replica, number), "api_calls");
        return new Post.Use(UsageEvent.of("acme", "api_calls", "mcp", id, quantity, at), JANUARY, true);
    }

    private static Post reverse(Post.Use use) {
        return new Post.Reverse("acme", use.event().source(), use.event().id(), "ann", FEBRUARY);
    }

    /** After this, charges of the account are carried over later. */
    private void begin() {
        append(List.of(use(call("first", 1, JANUARY))));
    }

    @Test
    void aChargeIsThereWhoeverLooksForIt() throws Exception {
        begin();
        LedgerStore other = home.store();
        append(List.of(charge("r1", 1, 10, JANUARY), charge("r1", 2, 100, FEBRUARY)));
        assertThat(other.balance("acme", "api_calls")).isEqualTo(111);
        append(List.of(charge("r1", 3, 1000, FEBRUARY.minusMillis(1))));
        assertThat(other.look(MONTH).used()).isEqualTo(1011);
        append(List.of(charge("r1", 4, 10_000, JANUARY)));
        assertThat(other.look(MONTH).used()).isEqualTo(11_011);
        append(List.of(charge("r1", 5, 100_000, JANUARY)));
        assertThat(other.counted(month())).isEqualTo(new CounterUsage(111_011, 5, 6));
        append(List.of(charge("r1", 6, 1_000_000, JANUARY)));
        assertThat(store.entries(month(), 10))
                .extracting(LedgerEntry::quantity)
                .containsExactly(1L, 10L, 1000L, 10_000L, 100_000L, 1_000_000L);
        append(List.of(charge("r1", 7, 1, JANUARY)));
        assertThat(other.position("acme", "api_calls")).isEqualTo(8);
        append(List.of(charge("r1", 8, 1, JANUARY).again(), charge("r1", 9, 1, JANUARY)));
        assertThat(other.verify()).isEmpty();
        assertThat(other.balance("acme", "api_calls")).isEqualTo(1_111_114);
    }

    @Test
    void eachBringsItsOwnUpToDateAndSomebodyAllOfThem() throws Exception {
        store.look(MONTH);
        begin();
        LedgerStore other = home.store();
        other.join("r2", LONG);
        other.append(new Batch("r2", 1, List.of(use(call("other", 2, JANUARY))), List.of()));
        append(List.of(charge("r1", 1, 10, JANUARY)));
        other.append(new Batch("r2", 2, List.of(charge("r2", 1, 100, JANUARY)), List.of()));
        assertThat(store.spread("r1")).containsExactly(new WindowState(MONTH, 13, 0));
        assertThat(store.spread("r1")).isEmpty();
        assertThat(store.spread()).containsExactly(new WindowState(MONTH, 113, 0));
        assertThat(other.spread("r2")).as("nothing is left").isEmpty();
    }

    @Test
    void whatAChargeSaysIsKept() {
        begin();
        Post.Use charge = charge("r1", 1295, 3, FEBRUARY.minusMillis(1));
        append(List.of(new Post.Use(charge.event().of("工具", "ann"), FEBRUARY, true)));
        assertThat(store.entries(month().after(1), 10))
                .containsExactly(new LedgerEntry(
                        "acme",
                        "api_calls",
                        2,
                        "mcp",
                        "r1-zz/api_calls",
                        Account.USED,
                        Account.SUPPLIED,
                        3,
                        FEBRUARY.minusMillis(1),
                        FEBRUARY,
                        false,
                        "工具",
                        "ann"));
        assertThat(store.metersOf("acme")).containsExactly("api_calls");
    }

    @Test
    void aChargeThatSomebodyElseBooksAgainIsKnown() {
        begin();
        store.join("r2", LONG);
        Post.Use onPage = charge("r1", 1, 3, JANUARY);
        append(List.of(onPage));
        assertThat(done(store.append(new Batch("r2", 1, List.of(onPage.again()), List.of())))
                        .bookings())
                .containsExactly(new Booking.Repeated(0));
        assertThat(store.balance("acme", "api_calls")).isEqualTo(4);
        assertThat(done(store.append(new Batch(
                                "r2",
                                2,
                                List.of(
                                        onPage.again(),
                                        charge("r1", 1, 4, JANUARY).again(),
                                        charge("r1", 2, 5, JANUARY).again()),
                                List.of())))
                        .bookings())
                .containsExactly(new Booking.Repeated(2), new Booking.Refused(Reason.CONFLICT), new Booking.Booked(3));
        assertThat(append(List.of(onPage.again()))).containsExactly(new Booking.Repeated(2));
        assertThat(store.balance("acme", "api_calls")).isEqualTo(9);
    }

    @Test
    void whatOthersHaveBookedForAProcessItDoesNotBookAgain() {
        begin();
        store.join("r2", LONG);
        Post.Use taken = charge("r1", 2, 5, JANUARY);
        done(store.append(new Batch("r2", 1, List.of(taken.again()), List.of())));
        assertThat(append(List.of(charge("r1", 1, 10, JANUARY), taken, charge("r1", 3, 100, JANUARY))))
                .containsExactly(new Booking.Booked(0), new Booking.Repeated(2), new Booking.Booked(0));
        assertThat(append(List.of(charge("r1", 4, 1000, JANUARY), use(call("other", 10_000, JANUARY)))))
                .allMatch(Booking.Booked.class::isInstance);
        assertThat(store.balance("acme", "api_calls")).isEqualTo(11_116);
        assertThat(store.counted(month()).entries()).isEqualTo(6);
    }

    @Test
    void aBatchOfAllKindsIsBookedInOneTransaction() {
        begin();
        store.lease("r1", MONTH, 100, 5, 5);
        Post.Use first = charge("r1", 1, 2, JANUARY);
        assertThat(append(
                        List.of(
                                first,
                                use(call("a", 10, JANUARY)),
                                charge("r1", 2, 3, JANUARY),
                                use(call("a", 9, JANUARY))),
                        new Spent(MONTH, 5)))
                .containsExactly(
                        new Booking.Booked(0),
                        new Booking.Booked(2),
                        new Booking.Booked(0),
                        new Booking.Refused(Reason.CONFLICT));
        assertThat(store.look(MONTH)).isEqualTo(new LedgerStore.WindowState(MONTH, 16, 0));
        assertThat(append(List.of(charge("r1", 3, 100, JANUARY), reverse(first), reverse(charge("r1", 9, 1, JANUARY)))))
                .containsExactly(
                        new Booking.Booked(5), new Booking.Booked(6), new Booking.Refused(Reason.UNKNOWN_ENTRY));
        assertThat(append(List.of(reverse(first)))).containsExactly(new Booking.Repeated(6));
        assertThat(store.balance("acme", "api_calls")).isEqualTo(114);
    }

    @Test
    void aBatchOfChargesThatIsSentTwiceGoesInOnce() {
        begin();
        Batch batch = new Batch("r1", 2, List.of(charge("r1", 1, 3, JANUARY)), List.of());
        done(store.append(batch));
        assertThat(store.append(batch)).isInstanceOf(Appended.Before.class);
        assertThatThrownBy(() -> store.append(new Batch("r1", 7, batch.posts(), List.of())))
                .isInstanceOf(IllegalStateException.class);
        assertThat(store.append(new Batch("stranger", 1, batch.posts(), List.of())))
                .isInstanceOf(Appended.Fenced.class);
        store.leave("r1");
        assertThat(store.append(new Batch("r1", 3, batch.posts(), List.of()))).isInstanceOf(Appended.Fenced.class);
        assertThat(store.balance("acme", "api_calls")).isEqualTo(4);
    }

    @Test
    void aLeaseIsOfWhatChargesHaveLeft() {
        begin();
        store.join("dead", Duration.ofMillis(1));
        store.lease("dead", MONTH, 100, 60, 60);
        done(store.append(
                new Batch("dead", 1, List.of(charge("dead", 1, 50, JANUARY)), List.of(new Spent(MONTH, 50)))));
        Eventually.holds(
                "what it held and has not used is free again",
                () -> store.lease("r1", MONTH, 100, 49, 49) instanceof Leased.Granted);
        assertThat(store.lease("r1", MONTH, 100, 1, 1)).isInstanceOf(Leased.Exhausted.class);
        assertThat(store.look(MONTH)).isEqualTo(new LedgerStore.WindowState(MONTH, 51, 49));
    }

    @Test
    void chargesThatComeLateAreToldApartByTheirPosition() {
        begin();
        append(List.of(charge("r1", 1, 10, JANUARY), charge("r1", 2, 100, FEBRUARY)));
        long invoiced = store.counted(month()).position();
        append(List.of(charge("r1", 3, 1000, JANUARY.plusSeconds(9)), charge("r1", 4, 10_000, FEBRUARY)));
        assertThat(store.counted(month().through(invoiced)).quantity()).isEqualTo(11);
        assertThat(store.counted(month().after(invoiced)).quantity()).isEqualTo(1000);
        assertThat(store.counted(month().after(2).through(4)).quantity()).isEqualTo(1000);
        assertThat(store.counted(month().after(2).through(3)).quantity()).isZero();
        assertThat(store.entries(month().after(invoiced), 1))
                .extracting(LedgerEntry::quantity)
                .containsExactly(1000L);
        assertThat(store.gauged(UsageQuery.of("acme", "api_calls", JANUARY.plusSeconds(5), FEBRUARY))
                        .opening())
                .isEqualTo(11);
    }

    @Test
    void manyChargesMakeSeveralRuns() {
        begin();
        List<Post> posts = new ArrayList<>();
        int count = 3 * Runs.LONGEST;
        for (int i = 1; i <= count; i++) {
            posts.add(charge("r1", i, i, JANUARY.plusSeconds(i)));
        }
        append(posts);
        long all = (long) count * (count + 1) / 2 + 1;
        assertThat(store.counted(month())).isEqualTo(new CounterUsage(all, count + 1, count + 1));
        assertThat(store.counted(UsageQuery.of("acme", "api_calls", JANUARY.plusSeconds(700), JANUARY.plusSeconds(703)))
                        .quantity())
                .isEqualTo(700 + 701 + 702);
        List<Long> seen = new ArrayList<>();
        UsageQuery query = month();
        for (List<LedgerEntry> some = store.entries(query, 100);
                !some.isEmpty();
                some = store.entries(query.after(seen.getLast()), 100)) {
            some.forEach(entry -> seen.add(entry.position()));
        }
        assertThat(seen).hasSize(count + 1).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aRunThatWasChangedIsFound() throws Exception {
        begin();
        append(List.of(charge("r1", 1, 10, JANUARY)));
        store.look(MONTH);
        execute("UPDATE %sledger_run SET units = units + 1");
        assertThat(store.verify())
                .extracting(LedgerStore.Discrepancy::what)
                .containsExactlyInAnyOrder(
                        "debits of used",
                        "credits of supplied",
                        "used from " + MONTH.startsAt() + " to " + MONTH.endsAt(),
                        "units of the run at 2");
        execute("UPDATE %sledger_run SET units = units - 1");
        execute("UPDATE %sledger_account SET debits = 77, credits = 99, position = 0");
        execute("UPDATE %sledger_window SET used = 77");
        store.rebuild("acme", "api_calls");
        assertThat(store.verify()).isEmpty();
        assertThat(store.counted(month())).isEqualTo(new CounterUsage(11, 2, 2));
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = home.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql.formatted(home.schema().isEmpty() ? "" : home.schema() + "."));
        }
    }

    /** Replicas charge, and others look all the time: whoever goes on after a position misses nothing that comes later. */
    @Test
    void whoeverReadsOnByPositionSeesEachChargeOnce() throws Exception {
        begin();
        int replicas = 3;
        int batches = 25;
        long expected = 1 + replicas * batches * 5L;
        List<Long> seen = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writing = new ArrayList<>();
            for (int r = 0; r < replicas; r++) {
                String replica = "racer-" + r;
                LedgerStore mine = home.store();
                mine.join(replica, LONG);
                mine.append(new Batch(replica, 1, List.of(use(call("first", 1, JANUARY))), List.of()));
                writing.add(threads.submit(() -> {
                    for (int b = 0; b < batches; b++) {
                        List<Post> posts = new ArrayList<>();
                        for (int i = 1; i <= 4; i++) {
                            posts.add(charge(replica, 4L * b + i, 1, JANUARY));
                        }
                        done(mine.append(new Batch(replica, 2 * b + 2, posts, List.of())));
                        Post other = use(call(replica + "-" + b, 1, JANUARY));
                        done(mine.append(new Batch(replica, 2 * b + 3, List.of(other), List.of())));
                    }
                    return null;
                }));
            }
            LedgerStore reader = home.store();
            UsageQuery query = month();
            while (writing.stream().anyMatch(each -> !each.isDone()) || seen.size() < expected) {
                List<LedgerEntry> some = reader.entries(query, 50);
                if (some.isEmpty()
                        && writing.stream().allMatch(Future::isDone)
                        && reader.entries(query, 1).isEmpty()) {
                    break;
                }
                some.forEach(entry -> seen.add(entry.position()));
                query = seen.isEmpty() ? query : query.after(seen.getLast());
            }
            for (Future<?> each : writing) {
                each.get();
            }
        }
        assertThat(seen).hasSize((int) expected).isSorted().doesNotHaveDuplicates();
        assertThat(store.look(MONTH).used()).isEqualTo(expected);
    }

    @Test
    void aScriptForAnAdministratorMakesTheSame() {
        assertThat(home.setup().script()).contains("ledger_entry", "ledger_migrations");
        home.setup().validate().close();
    }

    @Test
    void anIntervalOfAllTimeIsAnIntervalToo() {
        append(List.of(use(call("a", 3, JANUARY)), use(stored("b", 5, JANUARY))));
        UsageQuery calls = UsageQuery.of("acme", "api_calls", Instant.MIN, Instant.MAX);
        assertThat(store.counted(calls).quantity()).isEqualTo(3);
        assertThat(store.entries(calls, 10)).hasSize(1);
        GaugeUsage level = store.gauged(UsageQuery.of("acme", "storage", Instant.MIN, Instant.MAX));
        assertThat(level.peak()).isEqualTo(5);
        assertThat(level.unitMillis())
                .isEqualTo(BigInteger.valueOf(Long.MAX_VALUE)
                        .subtract(BigInteger.valueOf(JANUARY.toEpochMilli()))
                        .multiply(BigInteger.valueOf(5)));
        assertThat(level.average()).isBetween(BigDecimal.ZERO, BigDecimal.valueOf(5));
        assertThatThrownBy(() -> UsageQuery.of("acme", "storage", Instant.MAX, Instant.MIN))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
