package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Usage on its way to a provider: written in the transaction that books it, sent afterwards, by whichever replica comes
 * first, until the provider has taken it or never will. Its identifier is the same at every attempt; once the provider no
 * longer promises to recognize it, it is not sent again but reported as a finding. Thread-safe.
 */
public final class UsageOutbox {
    private static final int BATCH = 100;
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Database database;
    private final CustomerTable customers;
    private final FindingTable findings;
    private final Clock clock;
    private final String table;
    private final Expiry expiry;

    UsageOutbox(Database database, CustomerTable customers, FindingTable findings, Clock clock) {
        this.database = database;
        this.customers = customers;
        this.findings = findings;
        this.clock = clock;
        this.table = database.table("pay_usage");
        this.expiry = new Expiry(
                database,
                table,
                "identifier",
                "identifier",
                "provider = ? AND at < ? AND created_at < ? AND state <> 'OPEN' AND "
                        + FindingTable.none(
                                database,
                                table,
                                "identifier",
                                Finding.Kind.USAGE_REJECTED,
                                Finding.Kind.USAGE_UNCERTAIN));
    }

    /** Unsent usage. */
    private record Pending(
            String identifier,
            String tenant,
            String meter,
            long quantity,
            Instant at,
            int attempts,
            @Nullable Instant firstAttemptAt) {
        static Pending read(ResultSet row) throws SQLException {
            return new Pending(
                    row.getString("identifier"),
                    row.getString("tenant"),
                    row.getString("meter"),
                    row.getLong("quantity"),
                    Rows.time(row, "at"),
                    row.getInt("attempts"),
                    Rows.instant(row, "first_attempt_at"));
        }
    }

    /**
     * Writes usage down for a provider, within the caller's transaction. The same again is recognized for as long as
     * {@link Retention#usage} says.
     *
     * @return false if it was there already
     * @throws IllegalStateException if it was there already and said something else
     */
    public boolean add(Connection connection, String provider, Usage usage) throws SQLException {
        String identifier = usage.identifier();
        int rows = Sql.update(
                connection,
                "INSERT INTO " + table + " (identifier, provider, tenant, meter, quantity, at, state, attempts,"
                        + " due_at, created_at) VALUES (?, ?, ?, ?, ?, ?, 'OPEN', 0, ?, ?)"
                        + " ON CONFLICT (identifier) DO NOTHING",
                identifier,
                provider,
                usage.tenant(),
                usage.meter(),
                usage.quantity(),
                usage.at().toEpochMilli(),
                clock.millis(),
                clock.millis());
        if (rows == 1) {
            return true;
        }
        long same = Sql.number(
                connection,
                "SELECT count(*) FROM " + table + " WHERE identifier = ? AND provider = ? AND quantity = ? AND at = ?",
                identifier,
                provider,
                usage.quantity(),
                usage.at().toEpochMilli());
        if (same == 0) {
            throw new IllegalStateException("The usage " + usage.source() + " of the meter " + usage.meter()
                    + " was written down before with another quantity, time or provider");
        }
        return false;
    }

    /**
     * Forgets what was used, and written down, before then, unless it is still to be sent or somebody has to look at it.
     *
     * @return how many there were
     */
    long forget(String provider, Instant before) {
        return expiry.run(provider, before.toEpochMilli(), before.toEpochMilli());
    }

    /** How many are still to be sent. */
    public long unsent() {
        return database.read(
                "Counting usage",
                connection -> Sql.number(connection, "SELECT count(*) FROM " + table + " WHERE state = 'OPEN'"));
    }

    /** What of a tenant and meter was taken in an interval; empty if that is not clear yet. */
    record Taken(String tenant, String meter, Optional<Long> quantity) {}

    /** By tenant and meter, for all that have something in a half-open interval. */
    List<Taken> taken(Connection connection, String provider, Instant from, Instant to) throws SQLException {
        return Sql.list(
                connection,
                "SELECT tenant, meter, SUM(CASE WHEN state = 'SENT' THEN quantity ELSE 0 END),"
                        + " SUM(CASE WHEN state IN ('OPEN', 'UNCERTAIN') THEN 1 ELSE 0 END) FROM " + table
                        + " WHERE provider = ? AND at >= ? AND at < ? GROUP BY tenant, meter ORDER BY tenant, meter",
                row -> new Taken(
                        row.getString(1),
                        row.getString(2),
                        row.getLong(4) == 0 ? Optional.of(row.getLong(3)) : Optional.empty()),
                provider,
                from.toEpochMilli(),
                to.toEpochMilli());
    }

    /** Sends what is due to a provider, and returns how much of it was taken. */
    int send(PaymentProvider provider) {
        int taken = 0;
        while (provider.takesUsage()) {
            List<UsageReport> reports = claim(provider);
            if (reports.isEmpty()) {
                return taken;
            }
            List<UsageAnswer> answers;
            try {
                answers = provider.report(reports);
            } catch (ProviderUnavailable e) {
                postpone(reports, e.retryAfter());
                return taken;
            } catch (ProviderRefused e) {
                // About the account or the key, since answers about usage come one by one: nothing was taken.
                postpone(reports, PATIENCE);
                return taken;
            }
            if (answers.size() != reports.size()) {
                throw new IllegalStateException(
                        provider.name() + " gave " + answers.size() + " answers to " + reports.size() + " reports");
            }
            int before = taken;
            taken += settle(provider.name(), reports, answers);
            if (taken == before) {
                return taken;
            }
        }
        return taken;
    }

    private List<UsageReport> claim(PaymentProvider provider) {
        Instant now = clock.instant();
        return database.write("Claiming usage", connection -> {
            List<Pending> due = Sql.list(
                    connection,
                    "SELECT * FROM " + table + " WHERE state = 'OPEN' AND provider = ? AND due_at <= ?"
                            + " ORDER BY due_at, identifier LIMIT " + BATCH
                            + database.dialect().skipLocked(),
                    Pending::read,
                    provider.name(),
                    now.toEpochMilli());
            List<UsageReport> reports = new ArrayList<>();
            for (Pending pending : due) {
                Instant first = pending.firstAttemptAt();
                if (first != null && !now.isBefore(first.plus(provider.usageRepeatable()))) {
                    end(connection, pending.identifier(), "UNCERTAIN", null);
                    findings.record(
                            connection,
                            new Finding(
                                    provider.name(),
                                    Finding.Kind.USAGE_UNCERTAIN,
                                    pending.identifier(),
                                    pending.tenant(),
                                    pending.quantity() + " of " + pending.meter() + " at " + pending.at(),
                                    now));
                    continue;
                }
                Optional<String> customer = customers.customer(connection, provider.name(), pending.tenant());
                if (customer.isEmpty()) {
                    due(connection, pending.identifier(), now.plus(PATIENCE));
                    continue;
                }
                Sql.update(
                        connection,
                        "UPDATE " + table + " SET attempts = attempts + 1, due_at = ?,"
                                + " first_attempt_at = COALESCE(first_attempt_at, ?) WHERE identifier = ?",
                        now.plus(LEASE).toEpochMilli(),
                        now.toEpochMilli(),
                        pending.identifier());
                reports.add(new UsageReport(
                        pending.identifier(),
                        pending.tenant(),
                        customer.get(),
                        pending.meter(),
                        pending.quantity(),
                        pending.at()));
            }
            return reports;
        });
    }

    private int settle(String provider, List<UsageReport> reports, List<UsageAnswer> answers) {
        Instant now = clock.instant();
        return database.write("Settling usage", connection -> {
            int taken = 0;
            for (int i = 0; i < reports.size(); i++) {
                UsageReport report = reports.get(i);
                switch (answers.get(i)) {
                    case UsageAnswer.Taken yes -> {
                        end(connection, report.identifier(), "SENT", null);
                        taken++;
                    }
                    case UsageAnswer.Never never -> reject(connection, provider, report, never.code(), now);
                    case UsageAnswer.Later later ->
                        due(connection, report.identifier(), now.plus(atLeast(later.retryAfter())));
                }
            }
            return taken;
        });
    }

    private void reject(Connection connection, String provider, UsageReport report, String code, Instant now)
            throws SQLException {
        end(connection, report.identifier(), "REJECTED", code);
        findings.record(
                connection,
                new Finding(
                        provider,
                        Finding.Kind.USAGE_REJECTED,
                        report.identifier(),
                        report.tenant(),
                        code + ": " + report.quantity() + " of " + report.meter() + " at " + report.at(),
                        now));
    }

    /** What a provider threw away after it had taken it. Not sent again: its identifier is used up. */
    void rejected(Connection connection, String provider, String report, UsageErrors errors, Instant now)
            throws SQLException {
        long found = 0;
        for (UsageErrors.Sample sample : errors.samples()) {
            Optional<Pending> usage = Sql.first(
                    connection,
                    "SELECT * FROM " + table + " WHERE identifier = ? AND provider = ?",
                    Pending::read,
                    sample.identifier(),
                    provider);
            if (usage.isPresent()) {
                found++;
                Pending one = usage.get();
                reject(
                        connection,
                        provider,
                        new UsageReport(one.identifier(), one.tenant(), "", one.meter(), one.quantity(), one.at()),
                        sample.code(),
                        now);
            }
        }
        if (errors.count() > found) {
            findings.record(
                    connection,
                    new Finding(
                            provider,
                            Finding.Kind.USAGE_REJECTED,
                            report,
                            null,
                            errors.count() + " reports of usage were thrown away, of which " + found + " are known",
                            now));
        }
    }

    private void postpone(List<UsageReport> reports, Duration retryAfter) {
        Instant due = clock.instant().plus(atLeast(retryAfter));
        database.write("Postponing usage", connection -> {
            for (UsageReport report : reports) {
                due(connection, report.identifier(), due);
            }
            return true;
        });
    }

    private static Duration atLeast(Duration retryAfter) {
        Duration least = Duration.ofSeconds(5);
        return retryAfter.compareTo(least) < 0 ? least : retryAfter;
    }

    private void due(Connection connection, String identifier, Instant at) throws SQLException {
        Sql.update(
                connection,
                "UPDATE " + table + " SET due_at = ? WHERE identifier = ? AND state = 'OPEN'",
                at.toEpochMilli(),
                identifier);
    }

    private void end(Connection connection, String identifier, String state, @Nullable String error)
            throws SQLException {
        Sql.update(
                connection,
                "UPDATE " + table + " SET state = ?, error = ? WHERE identifier = ?",
                state,
                error,
                identifier);
    }
}
