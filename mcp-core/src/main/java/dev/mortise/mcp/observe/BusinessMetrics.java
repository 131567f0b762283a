package dev.mortise.mcp.observe;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.internal.observe.Labels;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/** Where billing says what it does. Thread-safe, and cheap enough for every call. */
public final class BusinessMetrics {
    private static final int MAX_METERS = 50;

    private record Account(String meter, String caller) {}

    /** Read by scrapes at any time. */
    private static final class Used {
        private volatile double share;

        Used(double share) {
            this.share = share;
        }
    }

    private final MetricSink sink;
    private final CallerHash hash;
    private final int maxAccounts;
    private final Map<BillingEvent, LongConsumer> events = new EnumMap<>(BillingEvent.class);
    private final Labels meters = new Labels(MAX_METERS);
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Account, Used> accounts = new HashMap<>();

    private BusinessMetrics(MetricSink sink, CallerHash hash, int maxAccounts) {
        this.sink = sink;
        this.hash = hash;
        this.maxAccounts = maxAccounts;
        for (BillingEvent event : BillingEvent.values()) {
            events.put(event, sink.counter(MetricNames.BILLING_EVENTS, Map.of("event", event.label())));
        }
    }

    /** Shows the hundred callers who have used most of a quota of theirs, by pseudonym. */
    public static BusinessMetrics to(MetricSink sink, CallerHash hash) {
        return new BusinessMetrics(sink, hash, 100);
    }

    /** @param maxAccounts for how many callers and meters {@link MetricNames#USER_QUOTA_USAGE} is shown at most */
    public static BusinessMetrics to(MetricSink sink, CallerHash hash, int maxAccounts) {
        if (maxAccounts < 1) {
            throw new IllegalArgumentException("maxAccounts must be at least 1, but is " + maxAccounts);
        }
        return new BusinessMetrics(sink, hash, maxAccounts);
    }

    public void happened(BillingEvent event) {
        LongConsumer counter = events.get(event);
        if (counter != null) {
            counter.accept(1);
        }
    }

    /**
     * A caller has used this much of a quota.
     *
     * @param meter the name of what is metered, as the operator has set it up
     * @param share 0 for nothing, and then it is not shown any more; 1 for all of it
     */
    public void quotaUsed(Caller caller, String meter, double share) {
        Account account = new Account(meters.learn(meter), hash.text(caller));
        lock.lock();
        try {
            Used shown = accounts.get(account);
            if (share <= 0) {
                remove(account);
            } else if (shown != null) {
                shown.share = share;
            } else if (accounts.size() < maxAccounts || makeRoom(share)) {
                Used value = new Used(share);
                accounts.put(account, value);
                sink.gauge(MetricNames.USER_QUOTA_USAGE, labels(account), () -> value.share);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whoever has used least gives way to one who has used more. */
    private boolean makeRoom(double share) {
        Account least = null;
        double smallest = share;
        for (Map.Entry<Account, Used> entry : accounts.entrySet()) {
            if (entry.getValue().share < smallest) {
                smallest = entry.getValue().share;
                least = entry.getKey();
            }
        }
        if (least == null) {
            return false;
        }
        remove(least);
        return true;
    }

    private void remove(Account account) {
        if (accounts.remove(account) != null) {
            sink.remove(MetricNames.USER_QUOTA_USAGE, labels(account));
        }
    }

    private static Map<String, String> labels(Account account) {
        return Map.of("meter", account.meter(), "caller", account.caller());
    }
}
