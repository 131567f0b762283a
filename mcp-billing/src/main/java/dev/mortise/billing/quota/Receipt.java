package dev.mortise.billing.quota;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a receipt says, once it is verified.
 *
 * @param id of the charge; its events in the ledger have this, a slash and the name of the meter as their id
 * @param tenant who paid
 * @param at when it was reserved, to the second
 * @param item what was called
 * @param charged units by meter
 */
public record Receipt(String id, String tenant, Instant at, String item, Map<String, Long> charged) {
    public Receipt {
        charged = Collections.unmodifiableMap(new TreeMap<>(charged));
    }
}
