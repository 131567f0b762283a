package dev.mortise.examples.production.billing;

import dev.mortise.security.Security;

/**
 * Who has been heard of, so that a name which is misspelt can be told from a new one: it would get a plan that nobody uses,
 * and invoices that nobody pays; and who was meant would not get it.
 */
public final class KnownPayers {
    private final Accounting accounting;
    private final Security security;

    public KnownPayers(Accounting accounting, Security security) {
        this.accounting = accounting;
        this.security = security;
    }

    /** Whether the books have it, or it has used something, or there are keys or users of it. The house always is. */
    public boolean have(String payer) {
        return payer.equals(Payer.HOUSE)
                || accounting.books().tenants().find(payer).isPresent()
                || !accounting.ledger().metersOf(payer).isEmpty()
                || Payer.tenantName(payer).filter(this::hasPeople).isPresent();
    }

    private boolean hasPeople(String tenant) {
        return !security.keys().list(tenant, null, 1).isEmpty()
                || !security.users().list(tenant, null, 1).isEmpty();
    }
}
