package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Booking;

/** The totals of one tenant and meter while a transaction holds them. Not thread-safe. */
final class Totals {
    private long debits;
    private long credits;
    private long position;
    private boolean changed;

    /** @param debits of what is used; the other account mirrors it */
    Totals(long debits, long credits, long position) {
        this.debits = debits;
        this.credits = credits;
        this.position = position;
    }

    long debits() {
        return debits;
    }

    long credits() {
        return credits;
    }

    long position() {
        return position;
    }

    boolean isChanged() {
        return changed;
    }

    /** Gives a draft its position, or refuses it. */
    void admit(Draft draft) {
        long change = draft.change();
        long used = debits - credits;
        long more = change > 0 ? debits : credits;
        if (more > Long.MAX_VALUE - draft.amount) {
            draft.decide(new Booking.Refused(Booking.Reason.OVERFLOW));
        } else if (change < 0 && used < draft.amount) {
            draft.decide(new Booking.Refused(Booking.Reason.BELOW_ZERO));
        } else {
            draft.position = ++position;
            draft.decide(new Booking.Booked(draft.position));
            apply(change);
        }
    }

    /**
     * Books what cannot be refused any more.
     *
     * @return the first of the positions
     * @throws IllegalStateException if the total does not fit
     */
    long book(long units, int entries) {
        if (debits > Long.MAX_VALUE - units) {
            throw new IllegalStateException("A total of the ledger does not fit into 63 bits");
        }
        apply(units);
        long first = position + 1;
        position += entries;
        return first;
    }

    /** It turned out to be in the ledger already. */
    void withdraw(Draft draft) {
        if (draft.change() > 0) {
            debits -= draft.amount;
        } else {
            credits -= draft.amount;
        }
    }

    private void apply(long change) {
        changed = true;
        if (change > 0) {
            debits += change;
        } else {
            credits -= change;
        }
    }
}
