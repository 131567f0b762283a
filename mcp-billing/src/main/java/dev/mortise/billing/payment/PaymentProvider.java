package dev.mortise.billing.payment;

import dev.mortise.mcp.http.HttpRoute;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who collects money: what {@link Payments} asks of it. Called on threads of the host or of webhooks, and never
 * while an MCP call is served. Methods block, for a bounded time. Thread-safe.
 *
 * <p>Every method throws {@link ProviderUnavailable} where it is worth asking again, and {@link ProviderRefused} where it
 * is not.
 */
public interface PaymentProvider {
    /** Lower-case letters, digits and hyphens, at most 32: the name in the database and in {@code /webhooks/NAME}. */
    String name();

    /** How long after its first attempt an operation may be repeated under its id without being done twice. */
    Duration repeatable();

    /**
     * The customer for a tenant, made if need be; the same for repeated calls.
     *
     * @return {@code null} if the provider has no customers
     */
    @Nullable
    String customer(String tenant);

    /** Does it, or finds that it is done. */
    Performed perform(Operation operation);

    /**
     * What came of an operation whose id may have been forgotten since.
     *
     * @param reference of the page that it led to, if it is known to have led to one
     * @return empty if it did not take place; then it is performed
     * @throws ProviderRefused if that cannot be found out: somebody has to look
     */
    Optional<Performed> find(Operation operation, @Nullable String reference);

    /** Ends a page that {@link Performed.Awaiting} named, by its reference, where that is possible. */
    default void withdraw(String reference) {}

    /** A page where a customer manages cards and invoices, if the provider has one. */
    default Optional<URI> portal(String customer, URI returnUrl) {
        return Optional.empty();
    }

    /** How a subscription is now. Empty if there is none with this id. */
    Optional<ProviderSubscription> subscription(String id);

    /**
     * A page of the subscriptions that are not over, for the comparison with what is known here.
     *
     * @param after the last id of the page before
     * @return empty if the provider cannot list them
     */
    default Optional<List<ProviderSubscription>> subscriptions(@Nullable String after) {
        return Optional.empty();
    }

    /** Verifies and reads a webhook, by its bytes as they came. Never throws for what a stranger sends. */
    WebhookVerdict read(HttpRoute.Request request, Instant now);

    /** What a provider expects to hear when it was understood; 200 with nothing, unless it is particular. */
    default HttpRoute.Response thanks() {
        return HttpRoute.Response.text(200, "");
    }

    /** Whether {@link #report} is served. */
    default boolean takesUsage() {
        return false;
    }

    /** For how long after the first attempt a unit of usage is recognized as the same by its identifier. */
    default Duration usageRepeatable() {
        return Duration.ZERO;
    }

    /**
     * Reports usage, in the order of the list, at most 100 at a time.
     *
     * @return one answer for each, in order. Those that were not reached are {@link UsageAnswer.Later}
     */
    default List<UsageAnswer> report(List<UsageReport> reports) {
        throw new ProviderRefused("unsupported", name() + " takes no reports of usage");
    }

    /**
     * What it counts of a customer's usage, by the times of use in a half-open interval of whole hours.
     *
     * @param meter as this system calls it
     * @return empty if it cannot say
     */
    default Optional<Long> usage(String customer, String meter, Instant from, Instant to) {
        return Optional.empty();
    }

    /** What a {@link WebhookEvent.UsageRejected} was about. */
    default UsageErrors usageErrors(String report) {
        throw new ProviderRefused("unsupported", name() + " has no reports of errors");
    }
}
