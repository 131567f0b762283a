package dev.mortise.examples.production.billing;

import dev.mortise.billing.books.Books;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.subscription.Subscription;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Puts an account on a plan, whether it had one or not. */
public final class PlanChange {
    private PlanChange() {}

    /**
     * From now on. An account that the books do not know is registered by its id.
     *
     * @param agreed the price, for a plan that has none of its own
     * @throws dev.mortise.billing.subscription.InvalidChange if the plan does not go with what there is
     */
    public static Subscription put(Books books, String payer, PlanRef plan, Optional<Money> agreed, Instant now) {
        if (books.tenants().find(payer).isEmpty()) {
            books.tenants().register(payer, payer, ZoneOffset.UTC);
        }
        Optional<Subscription> running = running(books, payer, now);
        return running.isPresent()
                ? books.subscriptions().change(running.get().id(), plan, agreed)
                : books.subscriptions().begin(payer, plan, agreed, Optional.empty(), now);
    }

    /** The subscription that a payer has now. */
    static Optional<Subscription> running(Books books, String payer, Instant now) {
        return books.subscriptions().ofTenant(payer).stream()
                .filter(subscription -> subscription.isLive(now))
                .findFirst();
    }
}
