package dev.mortise.examples.production.billing;

import dev.mortise.mcp.call.Caller;
import dev.mortise.rag.store.Tenant;
import java.util.Optional;

/**
 * Who pays, as the ledger and the books name it: the tenant; and for all who have none the house, whose server this is, so
 * that nobody who has just started it on their own machine runs into a limit meant for customers.
 */
public final class Payer {
    /** What a tenant cannot be called, because those whose names begin like it get one sign more. */
    public static final String HOUSE = "~house";

    private Payer() {}

    public static String of(Caller caller) {
        return caller.tenant().map(Payer::named).orElse(HOUSE);
    }

    public static String of(Tenant tenant) {
        return tenant.equals(Tenant.NONE) ? HOUSE : named(tenant.name());
    }

    /** Of a tenant by its name. */
    public static String named(String tenant) {
        return tenant.startsWith("~") ? "~" + tenant : tenant;
    }

    /** Whose documents a payer pays for. */
    static Tenant tenant(String payer) {
        return tenantName(payer).map(Tenant::of).orElse(Tenant.NONE);
    }

    /** The tenant that a payer is, as keys and users name it; empty for the house. */
    public static Optional<String> tenantName(String payer) {
        if (payer.equals(HOUSE)) {
            return Optional.empty();
        }
        return Optional.of(payer.startsWith("~") ? payer.substring(1) : payer);
    }
}
