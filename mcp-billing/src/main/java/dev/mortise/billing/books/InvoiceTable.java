package dev.mortise.billing.books;

import dev.mortise.billing.invoice.CreditNote;
import dev.mortise.billing.invoice.Invoice;
import dev.mortise.billing.invoice.InvoiceLine;
import dev.mortise.billing.invoice.Invoicing;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.subscription.Subscription;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Invoices, their lines, credit notes, numbers and balances, as rows. */
final class InvoiceTable {
    final Database database;
    private final String invoices;
    private final String lines;
    private final String notes;
    private final String numbers;
    private final String balances;

    InvoiceTable(Database database) {
        this.database = database;
        this.invoices = database.table("book_invoice");
        this.lines = database.table("book_invoice_line");
        this.notes = database.table("book_credit_note");
        this.numbers = database.table("book_number");
        this.balances = database.table("book_balance");
    }

    /** A draft in place of the one before it: their ids are the same. @return whether it was stored: not if there is a final one */
    boolean store(Connection connection, Invoice draft) throws SQLException {
        return Sql.update(
                        connection,
                        "INSERT INTO " + invoices + " (id, tenant, subscription, sequence, number, currency, total,"
                                + " to_balance, due, issued_at, document) VALUES (?, ?, ?, ?, NULL, ?, ?, 0, ?, NULL, ?)"
                                + " ON CONFLICT (id) DO UPDATE SET total = excluded.total,"
                                + " due = excluded.due, document = excluded.document WHERE " + invoices
                                + ".number IS NULL",
                        draft.id(),
                        draft.tenant(),
                        draft.subscription(),
                        draft.sequence(),
                        draft.currency().getCurrencyCode(),
                        draft.total().minor(),
                        draft.due().minor(),
                        Json.mapper().writeValueAsString(draft))
                == 1;
    }

    /** The draft becomes this. Its lines come first: no line is ever added to what is final. */
    void issue(Connection connection, Invoice invoice) throws SQLException {
        int line = 0;
        for (InvoiceLine item : invoice.lines()) {
            Sql.update(
                    connection,
                    "INSERT INTO " + lines + " (invoice, line, subscription, period_start, item, amount)"
                            + " VALUES (?, ?, ?, ?, ?, ?)",
                    invoice.id(),
                    line++,
                    invoice.subscription(),
                    item.period().start().toEpochMilli(),
                    item.item(),
                    item.amount().minor());
        }
        int changed = Sql.update(
                connection,
                "UPDATE " + invoices + " SET number = ?, total = ?, to_balance = ?, due = ?, issued_at = ?,"
                        + " document = ? WHERE id = ? AND number IS NULL",
                invoice.number().orElseThrow(),
                invoice.total().minor(),
                invoice.toBalance().minor(),
                invoice.due().minor(),
                invoice.issuedAt().orElseThrow().toEpochMilli(),
                Json.mapper().writeValueAsString(invoice),
                invoice.id());
        if (changed != 1) {
            throw new SQLException("A draft was expected to become final");
        }
    }

    Optional<Invoice> find(Connection connection, String id) throws SQLException {
        return Sql.first(
                connection, "SELECT document FROM " + invoices + " WHERE id = ?", row -> invoice(row.getString(1)), id);
    }

    Optional<Invoice> find(Connection connection, String subscription, long sequence) throws SQLException {
        return Sql.first(
                connection,
                "SELECT document FROM " + invoices + " WHERE subscription = ? AND sequence = ?",
                row -> invoice(row.getString(1)),
                subscription,
                sequence);
    }

    /** The sequence of the next invoice that is not final. */
    long next(Connection connection, String subscription) throws SQLException {
        return Sql.number(
                connection,
                "SELECT coalesce(max(sequence), -1) + 1 FROM " + invoices
                        + " WHERE subscription = ? AND number IS NOT NULL",
                subscription);
    }

    /** A subscription and the sequence of its next invoice. */
    record Next(Subscription subscription, long sequence) {}

    /** A page of them, by the ids of the subscriptions. */
    List<Next> next(Connection connection, Instant endedAfter, String after, int limit) throws SQLException {
        return Sql.list(
                connection,
                "SELECT s.document, (SELECT coalesce(max(i.sequence), -1) + 1 FROM " + invoices
                        + " i WHERE i.subscription = s.id AND i.number IS NOT NULL) FROM "
                        + database.table("book_subscription")
                        + " s WHERE s.id > ? AND (s.ended_at IS NULL OR s.ended_at > ?) ORDER BY s.id LIMIT ?",
                row -> new Next(Json.mapper().readValue(row.getString(1), Subscription.class), row.getLong(2)),
                after,
                endedAfter.toEpochMilli(),
                limit);
    }

    List<Invoice> ofTenant(Connection connection, String tenant, @Nullable String after, int limit)
            throws SQLException {
        return Sql.list(
                connection,
                "SELECT document FROM " + invoices + " WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?",
                row -> invoice(row.getString(1)),
                tenant,
                Objects.requireNonNullElse(after, ""),
                limit);
    }

    private static Invoice invoice(String document) {
        return Json.mapper().readValue(document, Invoice.class);
    }

    /** What was invoiced of a subscription before an invoice with this sequence. */
    Invoicing.Before before(Connection connection, String subscription, long sequence, Currency currency)
            throws SQLException {
        if (sequence == 0) {
            return Invoicing.Before.NOTHING;
        }
        Map<Invoicing.Key, Money> invoiced = new HashMap<>();
        Sql.list(
                        connection,
                        "SELECT period_start, item, sum(amount) FROM " + lines + " WHERE subscription = ?"
                                + " GROUP BY period_start, item",
                        row -> Map.entry(
                                new Invoicing.Key(Instant.ofEpochMilli(row.getLong(1)), row.getString(2)),
                                new Money(row.getLong(3), currency)),
                        subscription)
                .forEach(entry -> invoiced.put(entry.getKey(), entry.getValue()));
        Map<String, Long> positions = find(connection, subscription, sequence - 1)
                .filter(Invoice::isFinal)
                .map(Invoice::positions)
                .orElse(Map.of());
        return new Invoicing.Before(invoiced, positions);
    }

    /** The next number of a series. The row is locked until the transaction ends: nobody else gets one before. */
    long number(Connection connection, String series) throws SQLException {
        return Sql.first(
                        connection,
                        "INSERT INTO " + numbers + " (series, last) VALUES (?, 1) ON CONFLICT (series) DO UPDATE"
                                + " SET last = " + numbers + ".last + 1 RETURNING last",
                        row -> row.getLong(1),
                        series)
                .orElseThrow();
    }

    Money balance(Connection connection, String tenant, Currency currency) throws SQLException {
        return new Money(
                Sql.first(
                                connection,
                                "SELECT amount FROM " + balances + " WHERE tenant = ? AND currency = ?",
                                row -> row.getLong(1),
                                tenant,
                                currency.getCurrencyCode())
                        .orElse(0L),
                currency);
    }

    /** What the balance must be, by the invoices and credit notes. */
    Money rebuiltBalance(Connection connection, String tenant, Currency currency) throws SQLException {
        String code = currency.getCurrencyCode();
        long sum = Sql.number(
                connection,
                "SELECT coalesce((SELECT sum(to_balance) FROM " + invoices + " WHERE tenant = ? AND currency = ?), 0)"
                        + " + coalesce((SELECT sum(to_balance) FROM " + notes
                        + " WHERE tenant = ? AND currency = ?), 0)",
                tenant,
                code,
                tenant,
                code);
        return new Money(sum, currency);
    }

    void addToBalance(Connection connection, String tenant, Money amount) throws SQLException {
        if (!amount.isZero()) {
            Money balance = balance(connection, tenant, amount.currency()).plus(amount);
            Sql.update(
                    connection,
                    "INSERT INTO " + balances + " (tenant, currency, amount) VALUES (?, ?, ?)"
                            + " ON CONFLICT (tenant, currency) DO UPDATE SET amount = excluded.amount",
                    tenant,
                    amount.currency().getCurrencyCode(),
                    balance.minor());
        }
    }

    void insert(Connection connection, CreditNote note) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO " + notes + " (id, number, tenant, invoice, currency, amount, to_balance, issued_at,"
                        + " document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                note.id(),
                note.number(),
                note.tenant(),
                note.invoice(),
                note.amount().currency().getCurrencyCode(),
                note.amount().minor(),
                note.payout() == CreditNote.Payout.BALANCE ? note.amount().minor() : 0L,
                note.issuedAt().toEpochMilli(),
                Json.mapper().writeValueAsString(note));
    }

    List<CreditNote> notes(Connection connection, String invoice) throws SQLException {
        return Sql.list(
                connection,
                "SELECT document FROM " + notes + " WHERE invoice = ? ORDER BY issued_at, number",
                row -> Json.mapper().readValue(row.getString(1), CreditNote.class),
                invoice);
    }
}
