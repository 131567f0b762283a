package dev.mortise.billing.quota.redis;

import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.ledger.Window;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The windows that this process has asked for, by whose they are. Thread-safe. */
final class KnownWindows {
    private static final int MOST = 100_000;

    private record Pair(String tenant, String meter) {}

    private final LedgerStore sql;
    private final Fallback fallback;
    private final Map<Pair, Set<Window>> windows = new ConcurrentHashMap<>();

    KnownWindows(LedgerStore sql, Fallback fallback) {
        this.sql = sql;
        this.fallback = fallback;
    }

    /** Has the window kept up in SQL, and so known here. */
    void know(Window window) {
        Set<Window> known = windows.computeIfAbsent(
                new Pair(window.tenant(), window.meter()), pair -> ConcurrentHashMap.newKeySet());
        if (!known.contains(window)) {
            fallback.seen(sql.look(window), false);
            known.add(window);
        }
    }

    /** Those in which an event counts. */
    List<Window> of(UsageEvent event) {
        long at = event.at().toEpochMilli();
        return windows.getOrDefault(new Pair(event.tenant(), event.meter()), Set.of()).stream()
                .filter(window -> window.contains(at))
                .toList();
    }

    /** Those that have not been over for a day; the others are forgotten. */
    List<Window> current(long nowMillis) {
        if (windows.size() > MOST) {
            windows.clear();
        }
        long over = nowMillis - Duration.ofDays(1).toMillis();
        windows.values().forEach(known -> known.removeIf(window -> window.endsAt() < over));
        return windows.values().stream().flatMap(Set::stream).toList();
    }
}
