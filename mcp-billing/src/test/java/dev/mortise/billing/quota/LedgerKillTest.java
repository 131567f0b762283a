package dev.mortise.billing.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.Window;
import dev.mortise.billing.store.ChildJvm;
import dev.mortise.billing.store.LedgerHome;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that uses units is killed, twice, and a third one goes on to the limit: what was acknowledged is booked once,
 * and what the dead held comes back.
 */
@Timeout(120)
class LedgerKillTest {
    private static final int THREADS = 16;
    private static final long LIMIT = 3_000;
    private static final long HELD = 40;
    private static final Window WINDOW =
            Window.of(Spender.TENANT, Spender.METER, FixedPlan.PERIOD.start(), FixedPlan.PERIOD.end());

    @TempDir
    Path directory;

    private final Set<String> acknowledged = new HashSet<>();

    @Test
    void sqlite() throws Exception {
        check(LedgerHome.sqlite(directory));
    }

    @Test
    void postgres() throws Exception {
        check(LedgerHome.postgres());
    }

    private void check(LedgerHome home) throws Exception {
        try (home) {
            LedgerStore store = home.store();
            runUntil(home, 400, HELD);
            assertThat(store.look(WINDOW).leased()).as("held by the dead").isGreaterThanOrEqualTo(HELD);
            sound(store, 1);
            runUntil(home, 800, HELD);
            assertThat(store.look(WINDOW).leased()).as("held by the dead").isGreaterThanOrEqualTo(HELD);
            sound(store, 2);
            runUntil(home, Integer.MAX_VALUE, 0);
            sound(store, 2);
            assertThat(store.look(WINDOW))
                    .as("all that the dead held was used by another")
                    .isEqualTo(new WindowState(WINDOW, LIMIT, 0));
        }
    }

    private void sound(LedgerStore store, int kills) {
        List<LedgerEntry> entries = store.entries(
                UsageQuery.of(Spender.TENANT, Spender.METER, FixedPlan.PERIOD.start(), FixedPlan.PERIOD.end()), 10_000);
        Set<String> booked = new HashSet<>();
        entries.forEach(entry -> assertThat(booked.add(entry.id()))
                .as("%s is booked once", entry.id())
                .isTrue());
        assertThat(booked).as("acknowledged, and lost").containsAll(acknowledged);
        assertThat(booked.size() - acknowledged.size())
                .as("booked, and not yet acknowledged when the process died")
                .isLessThanOrEqualTo(kills * THREADS);
        assertThat(store.verify()).isEmpty();
        System.out.printf("%d acknowledged, %d booked after %d kills%n", acknowledged.size(), booked.size(), kills);
    }

    /** Starts the spender, and kills it when so many are acknowledged in all; or lets it come to the limit. */
    private void runUntil(LedgerHome home, int kill, long held) throws Exception {
        try (ChildJvm child = ChildJvm.start(
                Spender.class,
                directory.resolve("errors"),
                home.url(),
                home.schema(),
                Long.toString(LIMIT),
                Integer.toString(THREADS),
                "4",
                Long.toString(held))) {
            child.tell("go");
            boolean killed = false;
            for (Optional<String> line = child.line(); line.isPresent(); line = child.line()) {
                if (!line.get().equals("ready")) {
                    acknowledged.add(line.get().substring(0, line.get().indexOf(' ')));
                }
                if (!killed && acknowledged.size() >= kill) {
                    killed = true;
                    child.kill();
                }
            }
            if (!killed) {
                assertThat(kill).as("it was to be killed").isEqualTo(Integer.MAX_VALUE);
                child.ended();
            }
        }
    }
}
