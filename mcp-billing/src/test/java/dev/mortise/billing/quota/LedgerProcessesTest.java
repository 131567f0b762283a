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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that share a ledger and a hard limit use all of it, and not one unit more. */
@Timeout(120)
class LedgerProcessesTest {
    private static final int PROCESSES = 3;
    private static final int THREADS = 8;
    private static final long LIMIT = 1_000;

    @TempDir
    Path directory;

    @Test
    void sqlite() throws Exception {
        race(LedgerHome.sqlite(directory));
    }

    @Test
    void postgres() throws Exception {
        race(LedgerHome.postgres());
    }

    private void race(LedgerHome home) throws Exception {
        List<ChildJvm> children = new ArrayList<>();
        try (home;
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            LedgerStore store = home.store();
            List<Map<String, Long>> acknowledged = new ArrayList<>();
            for (int p = 0; p < PROCESSES; p++) {
                children.add(ChildJvm.start(
                        Spender.class,
                        directory.resolve("errors-" + p),
                        home.url(),
                        home.schema(),
                        Long.toString(LIMIT),
                        Integer.toString(THREADS),
                        "60",
                        "0"));
                acknowledged.add(new HashMap<>());
            }
            for (int p = 0; p < PROCESSES; p++) {
                readUntilReady(children.get(p), acknowledged.get(p));
            }
            List<Future<?>> reading = new ArrayList<>();
            for (int p = 0; p < PROCESSES; p++) {
                ChildJvm child = children.get(p);
                Map<String, Long> mine = acknowledged.get(p);
                child.tell("go");
                reading.add(readers.submit(() -> {
                    for (Optional<String> line = child.line(); line.isPresent(); line = child.line()) {
                        note(line.get(), mine);
                    }
                    child.ended();
                    return null;
                }));
            }
            for (Future<?> each : reading) {
                each.get();
            }
            check(store, acknowledged);
        } finally {
            for (ChildJvm child : children) {
                child.close();
            }
        }
    }

    /** What they were told is what the ledger says, entry by entry. */
    private static void check(LedgerStore store, List<Map<String, Long>> acknowledged) {
        Map<String, Long> all = new HashMap<>();
        acknowledged.forEach(mine -> mine.forEach((id, units) -> assertThat(all.put(id, units))
                .as("%s belongs to one process", id)
                .isNull()));
        assertThat(all.values().stream().mapToLong(units -> units).sum()).isEqualTo(LIMIT);
        List<LedgerEntry> entries = store.entries(
                UsageQuery.of(Spender.TENANT, Spender.METER, FixedPlan.PERIOD.start(), FixedPlan.PERIOD.end()), 10_000);
        Map<String, Long> booked = new HashMap<>();
        entries.forEach(entry -> booked.merge(entry.id(), entry.quantity(), Long::sum));
        assertThat(entries).hasSameSizeAs(all.keySet());
        assertThat(booked).isEqualTo(all);
        Window window = Window.of(Spender.TENANT, Spender.METER, FixedPlan.PERIOD.start(), FixedPlan.PERIOD.end());
        assertThat(store.look(window)).isEqualTo(new WindowState(window, LIMIT, 0));
        assertThat(store.verify()).isEmpty();
        System.out.printf(
                "%d units in %d entries, of the processes %s%n",
                LIMIT,
                entries.size(),
                acknowledged.stream()
                        .map(mine ->
                                mine.values().stream().mapToLong(units -> units).sum())
                        .toList());
    }

    private static void readUntilReady(ChildJvm child, Map<String, Long> acknowledged) throws Exception {
        for (Optional<String> line = child.line(); ; line = child.line()) {
            if (line.isEmpty()) {
                child.ended();
                throw new AssertionError("It has ended before the race");
            }
            if (line.get().equals("ready")) {
                return;
            }
            note(line.get(), acknowledged);
        }
    }

    private static void note(String line, Map<String, Long> acknowledged) {
        int space = line.indexOf(' ');
        acknowledged.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
    }
}
