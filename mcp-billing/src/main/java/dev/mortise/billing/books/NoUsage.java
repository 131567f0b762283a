package dev.mortise.billing.books;

import dev.mortise.billing.ledger.CounterUsage;
import dev.mortise.billing.ledger.GaugeUsage;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.UsageReader;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;

/** For those who only sell plans: nothing is ever used. */
enum NoUsage implements UsageReader {
    READER;

    @Override
    public long position(String tenant, String meter) {
        return 0;
    }

    @Override
    public long balance(String tenant, String meter) {
        return 0;
    }

    @Override
    public CounterUsage counted(UsageQuery query) {
        return new CounterUsage(0, 0, 0);
    }

    @Override
    public GaugeUsage gauged(UsageQuery query) {
        return new GaugeUsage(0, 0, 0, BigInteger.ZERO, Duration.between(query.from(), query.to()), 0);
    }

    @Override
    public List<LedgerEntry> entries(UsageQuery query, int limit) {
        return List.of();
    }

    @Override
    public List<String> metersOf(String tenant) {
        return List.of();
    }
}
