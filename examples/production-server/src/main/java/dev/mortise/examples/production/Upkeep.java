package dev.mortise.examples.production;

import dev.mortise.billing.payment.PaymentsSchedule;
import dev.mortise.examples.production.knowledge.Inbox;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a server that serves does by itself: invoices, payments, comparisons, and what commands put into the inbox. */
final class Upkeep implements AutoCloseable {
    private final PaymentsSchedule schedule;
    private final @Nullable Inbox inbox;

    private Upkeep(PaymentsSchedule schedule, @Nullable Inbox inbox) {
        this.schedule = schedule;
        this.inbox = inbox;
    }

    /** Of several replicas one at a time does what is due. */
    static Upkeep start(Parts parts) throws IOException {
        PaymentsSchedule schedule = PaymentsSchedule.of(parts.accounting().payments())
                .books(parts.accounting().books())
                .job("documents", Duration.ofHours(6), () -> parts.reconcile(Duration.ofSeconds(5)))
                .start();
        var folder = parts.stores().folder();
        Inbox inbox =
                folder.isPresent() ? Inbox.serve(folder.get(), parts.library().base()) : null;
        return new Upkeep(schedule, inbox);
    }

    @Override
    public void close() {
        if (inbox != null) {
            inbox.close();
        }
        schedule.close();
    }
}
