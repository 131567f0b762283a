package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Account;
import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.UsageEvent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An entry on its way into the ledger. Not thread-safe. */
final class Draft {
    /** What entries are told apart by. */
    record Key(String tenant, String source, String id, boolean reversal) {}

    /** Whose totals an entry changes. */
    record Pair(String tenant, String meter) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            int byTenant = tenant.compareTo(other.tenant);
            return byTenant != 0 ? byTenant : meter.compareTo(other.meter);
        }
    }

    final Key key;
    final Pair pair;
    final Account debit;
    final Account credit;
    final long amount;
    final long at;
    final long recordedAt;
    final String item;
    final String actor;
    /** Whether its id was given out by the replica that books it, for the first time. */
    final boolean own;
    /** Of a reversal, what it takes back, if that is in the same batch. */
    private final @Nullable Draft original;

    long position;
    private @Nullable Booking booking;

    private Draft(
            Key key,
            Pair pair,
            boolean increases,
            long amount,
            long at,
            long recordedAt,
            String item,
            String actor,
            boolean own,
            @Nullable Draft original) {
        this.key = key;
        this.pair = pair;
        this.debit = increases ? Account.USED : Account.SUPPLIED;
        this.credit = increases ? Account.SUPPLIED : Account.USED;
        this.amount = amount;
        this.at = at;
        this.recordedAt = recordedAt;
        this.item = item;
        this.actor = actor;
        this.own = own;
        this.original = original;
    }

    static Draft of(Post.Use use, boolean own) {
        UsageEvent event = use.event();
        return new Draft(
                new Key(event.tenant(), event.source(), event.id(), false),
                new Pair(event.tenant(), event.meter()),
                event.quantity() > 0,
                Math.abs(event.quantity()),
                event.at().toEpochMilli(),
                use.recordedAt().toEpochMilli(),
                event.item(),
                event.actor(),
                own,
                null);
    }

    /** Takes back what is in the ledger. */
    static Draft reversing(LedgerEntry entry, Post.Reverse reverse) {
        return new Draft(
                keyOf(reverse),
                new Pair(entry.tenant(), entry.meter()),
                entry.debit() != Account.USED,
                entry.amount(),
                entry.at().toEpochMilli(),
                reverse.recordedAt().toEpochMilli(),
                entry.item(),
                reverse.actor(),
                false,
                null);
    }

    /** Takes back what is on its way into the ledger just before. */
    static Draft reversing(Draft draft, Post.Reverse reverse) {
        return new Draft(
                keyOf(reverse),
                draft.pair,
                draft.debit != Account.USED,
                draft.amount,
                draft.at,
                reverse.recordedAt().toEpochMilli(),
                draft.item,
                reverse.actor(),
                false,
                draft);
    }

    static Key keyOf(Post.Reverse reverse) {
        return new Key(reverse.tenant(), reverse.source(), reverse.id(), true);
    }

    long change() {
        return debit == Account.USED ? amount : -amount;
    }

    /** Who asks for a reversal, and when, does not make it another one. */
    boolean isSameAs(Draft other) {
        return pair.equals(other.pair)
                && change() == other.change()
                && at == other.at
                && item.equals(other.item)
                && (key.reversal() || actor.equals(other.actor));
    }

    /** Whether this is what was given its place. */
    boolean isAt(@Nullable LedgerEntry entry) {
        return entry != null && entry.position() == position && entry.meter().equals(pair.meter());
    }

    boolean isSameAs(LedgerEntry entry) {
        return pair.meter().equals(entry.meter())
                && change() == entry.quantity()
                && at == entry.at().toEpochMilli()
                && item.equals(entry.item())
                && (key.reversal() || actor.equals(entry.actor()));
    }

    /** Whether it takes back what was refused, in the same batch. */
    boolean isOfNothing() {
        return original != null && !original.booking().isKept();
    }

    /** Whether it takes back what has turned out to be something else in the ledger. */
    boolean isOfConflict() {
        return original != null && original.booking().equals(new Booking.Refused(Booking.Reason.CONFLICT));
    }

    boolean isDecided() {
        return booking != null;
    }

    Booking booking() {
        return Objects.requireNonNull(booking, "decided for each draft");
    }

    void decide(Booking decision) {
        booking = decision;
    }

    void found(LedgerEntry entry) {
        decide(isSameAs(entry) ? new Booking.Repeated(entry.position()) : new Booking.Refused(Booking.Reason.CONFLICT));
    }
}
