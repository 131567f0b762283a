package dev.mortise.billing.books;

import dev.mortise.billing.credit.Credit;
import dev.mortise.billing.credit.CreditEntry;
import dev.mortise.billing.money.Money;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Prepaid credits of tenants. Thread-safe. */
public final class Credits {
    private final Database database;
    private final Writer writer;
    private final Tenants tenants;
    private final Clock clock;
    private final String table;
    private final String entries;

    Credits(Database database, Writer writer, Tenants tenants, Clock clock) {
        this.database = database;
        this.writer = writer;
        this.tenants = tenants;
        this.clock = clock;
        this.table = database.table("book_credit");
        this.entries = database.table("book_credit_entry");
    }

    /**
     * Gives a credit, from now on.
     *
     * @param priority the lower, the sooner it is used
     * @param reason for people; may be empty
     */
    public Credit grant(
            String tenant,
            Money amount,
            int priority,
            Optional<Instant> expiresAt,
            Optional<Credit.Rollover> rollover,
            String reason) {
        Texts.requireOrEmpty("A reason", reason, Texts.REASON);
        expiresAt.ifPresent(end -> Times.require("An end", end));
        Instant now = Instant.ofEpochMilli(clock.millis());
        Credit credit = new Credit(
                "cre_" + UUID.randomUUID().toString().replace("-", ""),
                tenant,
                amount,
                amount,
                priority,
                now,
                expiresAt,
                rollover,
                reason,
                now,
                Optional.empty());
        return writer.write("Granting a credit", tenant, Credit.class, connection -> {
            tenants.lock(connection, tenant);
            insert(connection, credit);
            return credit;
        });
    }

    /**
     * Takes back what is left of a credit.
     *
     * @throws NotThere if there is no such credit
     * @throws Conflict if nothing is left of it
     */
    public Credit voided(String id) {
        return writer.write("Voiding a credit", id, Credit.class, connection -> {
            tenants.lock(connection, get(connection, id).tenant());
            Credit credit = get(connection, id);
            Instant now = Instant.ofEpochMilli(clock.millis());
            if (credit.voidedAt().isPresent() || credit.remaining().isZero()) {
                throw new Conflict("Nothing is left of this credit");
            }
            take(connection, credit, CreditEntry.Kind.VOIDED, credit.remaining(), null, now);
            Credit gone = new Credit(
                    credit.id(),
                    credit.tenant(),
                    credit.amount(),
                    Money.zero(credit.amount().currency()),
                    credit.priority(),
                    credit.from(),
                    credit.expiresAt(),
                    credit.rollover(),
                    credit.reason(),
                    credit.createdAt(),
                    Optional.of(now));
            Sql.update(
                    connection,
                    "UPDATE " + table + " SET document = ? WHERE id = ?",
                    Json.mapper().writeValueAsString(gone),
                    id);
            return gone;
        });
    }

    public Optional<Credit> find(String id) {
        return Texts.isKeyable(id)
                ? database.read("Finding a credit", connection -> read(connection, id))
                : Optional.empty();
    }

    /** All credits of a tenant, also those that are used up, in the order in which they are used. */
    public List<Credit> ofTenant(String tenant) {
        return Texts.isKeyable(tenant)
                ? database.read("Reading credits", connection -> ofTenant(connection, tenant))
                : List.of();
    }

    /** What was taken from a credit, the oldest first. */
    public List<CreditEntry> entries(String id) {
        return database.read("Reading entries of a credit", connection -> {
            Optional<Credit> credit = read(connection, id);
            return credit.isEmpty()
                    ? List.of()
                    : Sql.list(
                            connection,
                            "SELECT * FROM " + entries + " WHERE credit = ? ORDER BY entry",
                            row -> entry(row, credit.get().amount().currency()),
                            id);
        });
    }

    /** Uses credits for an amount, in their order. The tenant is locked. */
    SequencedMap<String, Money> apply(Connection connection, String tenant, Money amount, String invoice, Instant at)
            throws SQLException {
        expire(connection, tenant, at);
        LinkedHashMap<String, Money> used = new LinkedHashMap<>();
        Money left = amount;
        for (Credit credit : ofTenant(connection, tenant)) {
            if (left.isPositive()
                    && credit.isUsable(at)
                    && credit.amount().currency().equals(amount.currency())) {
                Money part = credit.remaining().min(left);
                take(connection, credit, CreditEntry.Kind.APPLIED, part, invoice, at);
                used.put(credit.id(), part);
                left = left.minus(part);
            }
        }
        return used;
    }

    /** What has expired ends here, or goes on as another credit, which may have expired as well. */
    private void expire(Connection connection, String tenant, Instant at) throws SQLException {
        List<Credit> over = ofTenant(connection, tenant).stream()
                .filter(credit -> credit.remaining().isPositive()
                        && credit.expiresAt().filter(end -> !end.isAfter(at)).isPresent())
                .toList();
        for (Credit credit : over) {
            Credit ended = credit;
            while (true) {
                Optional<Credit> next = ended.rolled();
                if (next.isPresent()) {
                    take(
                            connection,
                            ended,
                            CreditEntry.Kind.ROLLED_OVER,
                            next.get().amount(),
                            null,
                            at);
                    insert(connection, next.get());
                }
                Money lost =
                        next.map(Credit::amount).map(ended.remaining()::minus).orElse(ended.remaining());
                if (lost.isPositive()) {
                    take(connection, ended, CreditEntry.Kind.EXPIRED, lost, null, at);
                }
                if (next.flatMap(Credit::expiresAt)
                        .filter(end -> !end.isAfter(at))
                        .isEmpty()) {
                    break;
                }
                ended = next.get();
            }
        }
    }

    private void insert(Connection connection, Credit credit) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO " + table + " (id, tenant, currency, amount, remaining, expires_at, document)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                credit.id(),
                credit.tenant(),
                credit.amount().currency().getCurrencyCode(),
                credit.amount().minor(),
                credit.remaining().minor(),
                credit.expiresAt().map(Instant::toEpochMilli).orElse(null),
                Json.mapper().writeValueAsString(credit));
    }

    private void take(
            Connection connection,
            Credit credit,
            CreditEntry.Kind kind,
            Money amount,
            @Nullable String invoice,
            Instant at)
            throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO " + entries + " (credit, entry, kind, amount, invoice, booked_at)"
                        + " SELECT CAST(? AS text), coalesce(max(entry), 0) + 1, CAST(? AS text), CAST(? AS bigint),"
                        + " CAST(? AS text), CAST(? AS bigint) FROM " + entries + " WHERE credit = ?",
                credit.id(),
                kind.name(),
                amount.minor(),
                invoice,
                at.toEpochMilli(),
                credit.id());
        Sql.update(
                connection,
                "UPDATE " + table + " SET remaining = remaining - ? WHERE id = ?",
                amount.minor(),
                credit.id());
    }

    private Credit get(Connection connection, String id) throws SQLException {
        if (!Texts.isKeyable(id)) {
            throw new NotThere("such credit");
        }
        return read(connection, id).orElseThrow(() -> new NotThere("such credit"));
    }

    private Optional<Credit> read(Connection connection, String id) throws SQLException {
        return Sql.first(connection, "SELECT * FROM " + table + " WHERE id = ?", Credits::credit, id);
    }

    private List<Credit> ofTenant(Connection connection, String tenant) throws SQLException {
        return Sql.list(connection, "SELECT * FROM " + table + " WHERE tenant = ?", Credits::credit, tenant).stream()
                .sorted(Credit.ORDER)
                .toList();
    }

    /** What is left is a column, because it changes; the rest is as it was written. */
    private static Credit credit(ResultSet row) throws SQLException {
        Credit credit = Json.mapper().readValue(row.getString("document"), Credit.class);
        return credit.withRemaining(
                new Money(row.getLong("remaining"), credit.amount().currency()));
    }

    private static CreditEntry entry(ResultSet row, Currency currency) throws SQLException {
        return new CreditEntry(
                row.getString("credit"),
                CreditEntry.Kind.valueOf(row.getString("kind")),
                new Money(row.getLong("amount"), currency),
                Optional.ofNullable(row.getString("invoice")),
                Instant.ofEpochMilli(row.getLong("booked_at")));
    }
}
