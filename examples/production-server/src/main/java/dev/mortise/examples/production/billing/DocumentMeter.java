package dev.mortise.examples.production.billing;

import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.Ledger;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.meter.Meter;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.rag.KnowledgeBase;
import dev.mortise.rag.KnowledgeListener;
import dev.mortise.rag.ingest.IngestOutcome;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import java.time.Clock;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Books what documents take: their bytes, as a level, and the texts that a model embedded for them. */
public final class DocumentMeter implements KnowledgeListener {
    /** The source of these events in the ledger. */
    static final String SOURCE = "documents";

    private static final Logger LOG = LoggerFactory.getLogger(DocumentMeter.class);

    private final Ledger ledger;
    private final Clock clock;

    public DocumentMeter(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public void ingested(Tenant tenant, IngestOutcome outcome, StoredBytes storedBytes) {
        book(tenant, Meter.STORAGE, storedBytes.delta(), outcome.key().toString());
    }

    @Override
    public void deleted(Tenant tenant, DocumentKey document, StoredBytes storedBytes) {
        book(tenant, Meter.STORAGE, storedBytes.delta(), document.toString());
    }

    @Override
    public void embedded(Tenant tenant, String model, int texts, long tokens) {
        book(tenant, Meter.AI_OPERATIONS, texts, model);
    }

    private void book(Tenant tenant, Meter meter, long units, String item) {
        if (units == 0) {
            return;
        }
        Booking booking = ledger.record(UsageEvent.of(
                        Payer.of(tenant),
                        meter.name(),
                        SOURCE,
                        UUID.randomUUID().toString(),
                        units,
                        clock.instant())
                .of(note(item), ""));
        if (!booking.isKept()) {
            LOG.warn("{} of {} was not booked for {}: {}", units, meter, tenant, booking);
        }
    }

    private static String note(String item) {
        return item.length() > 200 ? item.substring(0, 200) : item;
    }

    /**
     * Puts the level right where it is not what is stored: a process may have died between storing and booking, or the
     * ledger was away.
     *
     * @return by how many bytes it was wrong
     * @throws StoreUnavailable if either store does not answer
     */
    public long reconcile(String payer, KnowledgeBase base) {
        long wrong = base.store().statistics(Payer.tenant(payer)).bytes() - ledger.balance(payer, Meter.STORAGE.name());
        if (wrong != 0) {
            LOG.info("The stored bytes of {} are put right by {}", payer, wrong);
            book(Payer.tenant(payer), Meter.STORAGE, wrong, "reconciled");
        }
        return wrong;
    }
}
