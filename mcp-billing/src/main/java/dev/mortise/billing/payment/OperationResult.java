package dev.mortise.billing.payment;

import java.net.URI;
import java.time.Instant;

/** How far an operation came. The same request asked again tells how far it is by then. */
public sealed interface OperationResult {
    /** It is done, and the subscription is known here. */
    record Done(String operation, String subscription) implements OperationResult {}

    /**
     * The tenant has to agree on the provider's page. The page is for the browser of a signed-in user, by a redirect: it
     * never belongs in what a model or a log sees.
     */
    record Awaiting(String operation, URI page, Instant expiresAt) implements OperationResult {}

    /** It is written down, and will be done or refused without anybody asking again. */
    record Later(String operation) implements OperationResult {}

    /**
     * It did not take place.
     *
     * @param code the provider's, or one of {@code request_conflict} (the request was used for something else),
     *     {@code subscribed_already}, {@code not_subscribed}, {@code beginning_already} (another subscription of this
     *     tenant is being begun), {@code not_sold}, {@code expired}, {@code uncertain} (somebody has to look)
     */
    record Refused(String code, String message) implements OperationResult {}
}
