package dev.mortise.billing.ledger;

import java.time.Instant;

/**
 * Something was used. An event is booked once: (tenant, source, id) tells it from all others, and whoever is not sure
 * whether it was booked sends it again.
 *
 * @param source who reports it, such as {@code mcp} or {@code ingest}
 * @param id unique for its tenant and source
 * @param quantity in the meter's units; positive for a counter, a change of the level for a gauge, never 0
 * @param at when it was used, by which it belongs to a period; kept to the millisecond
 * @param item what was used, such as the name of a tool; may be empty
 * @param actor who used it; may be empty
 */
public record UsageEvent(
        String tenant, String meter, String source, String id, long quantity, Instant at, String item, String actor) {

    public static UsageEvent of(String tenant, String meter, String source, String id, long quantity, Instant at) {
        return new UsageEvent(tenant, meter, source, id, quantity, at, "", "");
    }

    public UsageEvent of(String newItem, String newActor) {
        return new UsageEvent(tenant, meter, source, id, quantity, at, newItem, newActor);
    }
}
