package dev.mortise.billing.payment;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Where changes of subscriptions take effect: the history of plans. Called within the transaction that also marks the
 * webhook as done, so that both happen or neither; on the database that {@link Payments} was given. One tenant's changes
 * come one after the other. What it throws rolls everything back, and the webhook comes again; but for
 * {@link ImpossibleChange}, which takes back only what was done here, is recorded as a {@link Finding}, and is tried again
 * every hour, whatever messages come.
 */
@FunctionalInterface
public interface SubscriptionChanges {
    void apply(Connection connection, SubscriptionChange change) throws SQLException;

    /**
     * Called after the transaction in which something of a tenant may have changed: for what is kept in memory. Called at
     * the replica that made the change, and never if its process dies in between.
     */
    default void committed(String tenant) {}
}
