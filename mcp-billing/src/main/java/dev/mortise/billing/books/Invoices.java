package dev.mortise.billing.books;

import dev.mortise.billing.invoice.CreditNote;
import dev.mortise.billing.invoice.Invoice;
import dev.mortise.billing.invoice.Invoicing;
import dev.mortise.billing.money.InvalidAmount;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.subscription.Subscription;
import dev.mortise.mcp.store.StoreUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Invoices: made as drafts, then final. A final one has a number without gaps, and is never changed; what is wrong with it
 * is set right by a credit note, or by a line of the next. Thread-safe, and safe for several replicas that do the same.
 */
public final class Invoices {
    /** For how many periods after the end of a subscription late usage is still invoiced. */
    static final int LATE_PERIODS = 3;

    /** So long after its end a subscription is looked at: for {@link #LATE_PERIODS} of ten years, the longest there are. */
    private static final Duration LATE = Duration.ofDays(LATE_PERIODS * 3_660L);

    private static final String INVOICE_SERIES = "INV";
    private static final String NOTE_SERIES = "CN";
    private static final int PAGE = 200;
    private static final int MAX_CONFLICTS = 10;
    private static final Logger LOG = LoggerFactory.getLogger(Invoices.class);

    private final InvoiceTable table;
    private final Writer writer;
    private final Tenants tenants;
    private final Subscriptions subscriptions;
    private final Credits credits;
    private final Invoicing invoicing;
    private final Clock clock;
    private final Duration settle;

    Invoices(
            InvoiceTable table,
            Writer writer,
            Tenants tenants,
            Subscriptions subscriptions,
            Credits credits,
            Invoicing invoicing,
            Clock clock,
            Duration settle) {
        this.table = table;
        this.writer = writer;
        this.tenants = tenants;
        this.subscriptions = subscriptions;
        this.credits = credits;
        this.invoicing = invoicing;
        this.clock = clock;
        this.settle = settle;
    }

    /**
     * Makes the next invoice of a subscription as a draft, or makes it anew. Reads usage as it is now.
     *
     * @throws Conflict if the period that it closes has not ended
     */
    public Invoice draft(String subscription) {
        return writer.witnessed(
                "Drafting an invoice",
                subscription,
                () -> writer.answered("Drafting an invoice", Invoice.class, () -> drafted(subscription)));
    }

    private Invoice drafted(String subscription) {
        Draft made = make(subscription);
        if (made.due().isAfter(clock.instant())) {
            throw new Conflict("The period that the next invoice closes ends at " + made.due());
        }
        return store(made.draft());
    }

    private record Draft(Invoice draft, Instant due) {}

    private Draft make(String id) {
        record Basis(Subscription subscription, long sequence, Invoicing.Before before) {}
        Basis basis = table.database.read("Reading what was invoiced", connection -> {
            Subscription current = subscriptions.get(connection, id);
            long sequence = table.next(connection, id);
            return new Basis(current, sequence, table.before(connection, id, sequence, current.currency()));
        });
        String invoice = id + "-" + String.format(Locale.ROOT, "%05d", basis.sequence());
        return new Draft(
                invoicing.draft(invoice, basis.subscription(), basis.sequence(), basis.before()),
                Invoicing.dueAt(basis.subscription(), basis.sequence()));
    }

    private Invoice store(Invoice draft) {
        return writer.plain().write("Storing a draft", Invoice.class, connection -> {
            // The table has two unique keys, and of two who insert at once PostgreSQL resolves the conflict of one
            // only.
            tenants.lock(connection, draft.tenant());
            if (!table.store(connection, draft)) {
                throw new Conflict("This invoice has become final meanwhile");
            }
            return draft;
        });
    }

    /**
     * Makes a draft final: gives it a number, and pays it from the balance and the credits of the tenant. What is final
     * already is returned as it is.
     *
     * @throws Conflict if the subscription was changed since the draft was made: make it anew
     */
    public Invoice finalise(String id) {
        return finalise(writer, id);
    }

    private Invoice finalise(Writer how, String id) {
        return how.write("Making an invoice final", id, Invoice.class, connection -> {
            tenants.lock(connection, get(connection, id).tenant());
            Invoice draft = get(connection, id);
            if (draft.isFinal()) {
                return draft;
            }
            requireCurrent(connection, draft);
            Instant now = Instant.ofEpochMilli(clock.millis());
            Money open = draft.total().max(Money.zero(draft.currency()));
            Money balance =
                    table.balance(connection, draft.tenant(), draft.currency()).min(open);
            Map<String, Money> used = credits.apply(connection, draft.tenant(), open.minus(balance), draft.id(), now);
            Invoice invoice = draft.issued(number(connection, INVOICE_SERIES), now, balance, used);
            table.addToBalance(connection, invoice.tenant(), invoice.toBalance());
            table.issue(connection, invoice);
            return invoice;
        });
    }

    private void requireCurrent(Connection connection, Invoice draft) throws SQLException {
        if (subscriptions.get(connection, draft.subscription()).revision() != draft.subscriptionRevision()) {
            throw new Conflict("The subscription was changed since this draft was made: make it anew");
        }
        if (table.next(connection, draft.subscription()) != draft.sequence()) {
            throw new Conflict("An earlier invoice of this subscription is not final yet");
        }
    }

    private String number(Connection connection, String series) throws SQLException {
        return String.format(Locale.ROOT, "%s-%06d", series, table.number(connection, series));
    }

    /**
     * Makes all invoices final whose periods have ended and settled, of all subscriptions. Call it now and then, such as
     * every quarter of an hour; several replicas may.
     *
     * @return those that have become final meanwhile
     */
    public List<Invoice> issueDue() {
        Instant endedAfter = clock.instant().minus(LATE);
        List<Invoice> issued = new ArrayList<>();
        String after = "";
        List<InvoiceTable.Next> page;
        do {
            String last = after;
            page = table.database.read(
                    "Reading what is to be invoiced", connection -> table.next(connection, endedAfter, last, PAGE));
            for (InvoiceTable.Next next : page) {
                after = next.subscription().id();
                if (isDue(next)) {
                    issued.addAll(tryIssueDue(after));
                }
            }
        } while (page.size() == PAGE);
        return issued;
    }

    /** What is wrong with one subscription, such as an amount that is too large, keeps no other from its invoice. */
    private List<Invoice> tryIssueDue(String subscription) {
        try {
            return issuedDue(subscription);
        } catch (StoreUnavailable e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("The next invoice of {} cannot be made", subscription, e);
            return List.of();
        }
    }

    /**
     * The same, of one subscription.
     *
     * @throws Conflict if the subscription is changed again and again meanwhile
     */
    public List<Invoice> issueDue(String subscription) {
        return List.of(writer.answered(
                "Issuing invoices",
                Invoice[].class,
                () -> issuedDue(subscription).toArray(Invoice[]::new)));
    }

    private List<Invoice> issuedDue(String subscription) {
        List<Invoice> issued = new ArrayList<>();
        int conflicts = 0;
        while (true) {
            try {
                Optional<Invoice> next = issueNext(subscription);
                if (next.isEmpty()) {
                    return issued;
                }
                issued.add(next.get());
            } catch (Conflict e) {
                // Another replica was faster, or the subscription was changed: look again.
                if (++conflicts == MAX_CONFLICTS) {
                    throw e;
                }
            }
        }
    }

    private Optional<Invoice> issueNext(String subscription) {
        InvoiceTable.Next next = table.database.read(
                "Reading what is to be invoiced",
                connection -> new InvoiceTable.Next(
                        subscriptions.get(connection, subscription), table.next(connection, subscription)));
        if (!isDue(next)) {
            return Optional.empty();
        }
        Draft made = make(subscription);
        if (made.draft().sequence() != next.sequence()) {
            throw new Conflict("Another invoice of this subscription has become final meanwhile");
        }
        boolean regular = Invoicing.isRegular(next.subscription(), next.sequence());
        if (!regular && made.draft().lines().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(finalise(writer.plain(), store(made.draft()).id()));
    }

    private boolean isDue(InvoiceTable.Next next) {
        Duration wait = next.sequence() == 0 ? Duration.ZERO : settle;
        Instant due = Invoicing.dueAt(next.subscription(), next.sequence());
        return !due.plus(wait).isAfter(clock.instant())
                && (Invoicing.isRegular(next.subscription(), next.sequence())
                        || !isLate(next.subscription(), next.sequence()));
    }

    private static boolean isLate(Subscription subscription, long sequence) {
        long begun = subscription.cycle().numberAt(subscription.start());
        long ended = subscription.cycle().numberAt(subscription.endsAt().orElseThrow());
        return begun + sequence > ended + LATE_PERIODS;
    }

    /**
     * Takes back a part of a final invoice.
     *
     * @throws InvalidAmount if it is not above zero
     * @throws dev.mortise.billing.money.WrongCurrency if it is not in the currency of the invoice
     * @throws Conflict if the invoice is a draft, or all notes together would be more than its total
     */
    public CreditNote creditNote(String invoice, Money amount, CreditNote.Payout payout, String reason) {
        Texts.requireOrEmpty("A reason", reason, Texts.REASON);
        if (!amount.isPositive()) {
            throw new InvalidAmount("A credit note is above zero, not " + amount);
        }
        String id = "cn_" + UUID.randomUUID().toString().replace("-", "");
        return writer.write("Issuing a credit note", invoice, CreditNote.class, connection -> {
            tenants.lock(connection, get(connection, invoice).tenant());
            Invoice against = get(connection, invoice);
            if (!against.isFinal()) {
                throw new Conflict("A draft is made anew instead");
            }
            Money all = amount;
            for (CreditNote note : table.notes(connection, invoice)) {
                all = all.plus(note.amount());
            }
            if (all.compareTo(against.total()) > 0) {
                throw new Conflict("All credit notes of an invoice together are at most its total, " + against.total());
            }
            CreditNote note = new CreditNote(
                    id,
                    number(connection, NOTE_SERIES),
                    against.tenant(),
                    invoice,
                    amount,
                    payout,
                    reason,
                    Instant.ofEpochMilli(clock.millis()));
            table.insert(connection, note);
            if (payout == CreditNote.Payout.BALANCE) {
                table.addToBalance(connection, note.tenant(), amount);
            }
            return note;
        });
    }

    private Invoice get(Connection connection, String id) throws SQLException {
        if (!Texts.isKeyable(id)) {
            throw new NotThere("such invoice");
        }
        return table.find(connection, id).orElseThrow(() -> new NotThere("such invoice"));
    }

    public Optional<Invoice> find(String id) {
        return Texts.isKeyable(id)
                ? table.database.read("Finding an invoice", connection -> table.find(connection, id))
                : Optional.empty();
    }

    /**
     * Invoices of a tenant by id, drafts included: of one subscription after the other, each in its sequence.
     *
     * @param after the last one of the page before
     */
    public List<Invoice> ofTenant(String tenant, @Nullable String after, int limit) {
        return Texts.isKeyable(tenant)
                ? table.database.read(
                        "Listing invoices", connection -> table.ofTenant(connection, tenant, after, limit))
                : List.of();
    }

    public List<CreditNote> creditNotes(String invoice) {
        return Texts.isKeyable(invoice)
                ? table.database.read("Reading credit notes", connection -> table.notes(connection, invoice))
                : List.of();
    }

    /** What a tenant is owed, and what its next invoices are paid with first. */
    public Money balance(String tenant, Currency currency) {
        return table.database.read("Reading a balance", connection -> table.balance(connection, tenant, currency));
    }

    /** The same from all invoices and credit notes: for a check that the projection is right. */
    public Money rebuiltBalance(String tenant, Currency currency) {
        return table.database.read(
                "Rebuilding a balance", connection -> table.rebuiltBalance(connection, tenant, currency));
    }
}
