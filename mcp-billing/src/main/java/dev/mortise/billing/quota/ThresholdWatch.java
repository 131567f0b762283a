package dev.mortise.billing.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Threshold;
import dev.mortise.billing.ledger.Window;
import dev.mortise.billing.plan.Allowance;
import dev.mortise.billing.plan.Entitlements;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares windows that have changed with what plans include. Thread-safe; {@link #look} is for one thread. */
final class ThresholdWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ThresholdWatch.class);
    private static final Duration CLAIM = Duration.ofMinutes(1);
    private static final long AGAIN_NANOS = Duration.ofSeconds(20).toNanos();
    private static final int AT_ONCE = 100;

    private record Key(Window period, int percent, long included) {}

    private final LedgerStore store;
    private final Entitlements entitlements;
    private final ThresholdListener listener;
    private final Map<Window, Long> changed = new ConcurrentHashMap<>();
    private final Cache<Key, Boolean> known =
            Caffeine.newBuilder().maximumSize(100_000).build();
    private final AtomicLong askAt = new AtomicLong(System.nanoTime());

    ThresholdWatch(LedgerStore store, Entitlements entitlements, ThresholdListener listener) {
        this.store = store;
        this.entitlements = entitlements;
        this.listener = listener;
    }

    void changed(List<WindowState> windows) {
        windows.forEach(state -> changed.put(state.window(), state.used()));
    }

    /** Tells what was reached since the last time, and what nobody was told of before. */
    void look(Instant now) {
        boolean any = false;
        for (Window window : Set.copyOf(changed.keySet())) {
            Long used = changed.remove(window);
            if (used != null) {
                any |= lookAt(window, used, now);
            }
        }
        if (any || System.nanoTime() - askAt.get() >= 0) {
            askAt.set(System.nanoTime() + AGAIN_NANOS);
            tell();
        }
    }

    private boolean lookAt(Window window, long used, Instant now) {
        try {
            return reached(window, used, now);
        } catch (RuntimeException e) {
            changed.putIfAbsent(window, used);
            throw e;
        }
    }

    private boolean reached(Window window, long used, Instant now) {
        Allowance allowance =
                entitlements.of(window.tenant(), now).allowance(window.meter()).orElse(null);
        if (allowance == null
                || allowance.included().isEmpty()
                || !Quotas.window(window.tenant(), allowance).equals(window)) {
            return false;
        }
        boolean any = false;
        long included = allowance.included().getAsLong();
        // A level goes on for ever; that it is high again is news in each period.
        Window period = Window.of(
                window.tenant(),
                window.meter(),
                allowance.window().start(),
                allowance.window().end());
        for (int percent : allowance.thresholds()) {
            Key key = new Key(period, percent, included);
            if (included > 0 && isReached(used, percent, included) && known.getIfPresent(key) == null) {
                any |= store.reached(new Threshold(period, percent, included, used, now));
                known.put(key, true);
            }
        }
        return any;
    }

    /** used · 100 ≥ included · percent, without leaving the range of numbers. */
    private static boolean isReached(long used, int percent, long included) {
        return Math.multiplyHigh(used, 100L) > Math.multiplyHigh(included, (long) percent)
                || (Math.multiplyHigh(used, 100L) == Math.multiplyHigh(included, (long) percent)
                        && Long.compareUnsigned(used * 100L, included * percent) >= 0);
    }

    private void tell() {
        for (Threshold threshold : store.untold(CLAIM, AT_ONCE)) {
            try {
                listener.reached(threshold);
                store.told(threshold);
            } catch (RuntimeException e) {
                LOG.warn("Nobody could be told of a threshold; it is tried again", e);
            }
        }
    }
}
