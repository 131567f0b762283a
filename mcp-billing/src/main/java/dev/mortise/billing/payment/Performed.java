package dev.mortise.billing.payment;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What came of an {@link Operation} at the provider. */
public sealed interface Performed {
    /** It is done, and this is the subscription it concerns. */
    record Done(String subscription) implements Performed {}

    /**
     * The tenant has to agree on a page first.
     *
     * @param reference the provider's id of the page or of what waits for it
     * @param subscription if there is one already
     */
    record Awaiting(
            String reference,
            URI page,
            Instant expiresAt,
            @Nullable String subscription) implements Performed {}
}
