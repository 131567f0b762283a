package dev.mortise.billing.books;

import dev.mortise.billing.admin.AdministrationAudit;
import dev.mortise.billing.admin.AdministrationAudit.Outcome;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has changes taken down, as those of whoever makes them. */
record Witness(AdministrationAudit audit, String administrator, Clock clock) {
    private static final Logger LOG = LoggerFactory.getLogger(Books.class);

    /** Who makes changes where nobody has said so. */
    static final String APPLICATION = "application";

    Witness of(String newAdministrator) {
        return new Witness(audit, newAdministrator, clock);
    }

    /**
     * Makes a change, if it can be taken down that it is about to be made.
     *
     * @param target the tenant or id that it is about
     * @param command tells attempts that belong together
     */
    <T> T change(String action, String target, @Nullable String command, Supplier<T> change) {
        record(action, target, command, Outcome.BEGUN);
        Outcome outcome = Outcome.FAILED;
        try {
            T answer = change.get();
            outcome = Outcome.DONE;
            return answer;
        } finally {
            try {
                record(action, target, command, outcome);
            } catch (RuntimeException e) {
                // That it was begun is on record, and it is done: whoever made it is to know that.
                LOG.error("How this ended could not be audited: {}, {}", action, outcome, e);
            }
        }
    }

    private void record(String action, String target, @Nullable String command, Outcome outcome) {
        audit.record(new AdministrationAudit.Event(clock.instant(), administrator, action, target, command, outcome));
    }
}
