package dev.mortise.billing.ledger;

import java.util.Locale;

/** The accounts that each tenant has for each meter. Their balances are debits less credits. */
public enum Account {
    /** What the tenant has used, or of a gauge the level. */
    USED,
    /** Where that came from: always the negative of it. */
    SUPPLIED;

    private final String key = name().toLowerCase(Locale.ROOT);

    /** As it stands in the database. */
    public String key() {
        return key;
    }

    public static Account ofKey(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
