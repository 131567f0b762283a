package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Account;
import dev.mortise.billing.ledger.EventNumber;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.UsageEvent;
import java.time.Instant;

/**
 * An event with an {@link EventNumber} of the process that books it, as it stands on a {@link Page}. It moves its quantity
 * from one account to the other.
 *
 * @param quantity at least 1
 */
record Charge(
        String tenant,
        String meter,
        String source,
        long number,
        long quantity,
        long at,
        long recordedAt,
        String item,
        String actor) {

    static Charge of(Post.Use use, long number) {
        UsageEvent event = use.event();
        return new Charge(
                event.tenant(),
                event.meter(),
                event.source(),
                number,
                event.quantity(),
                event.at().toEpochMilli(),
                use.recordedAt().toEpochMilli(),
                event.item(),
                event.actor());
    }

    LedgerEntry entry(String replica, long position) {
        return new LedgerEntry(
                tenant,
                meter,
                position,
                source,
                EventNumber.id(EventNumber.charge(replica, number), meter),
                Account.USED,
                Account.SUPPLIED,
                quantity,
                Instant.ofEpochMilli(at),
                Instant.ofEpochMilli(recordedAt),
                false,
                item,
                actor);
    }
}
