package dev.mortise.billing.payment;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Where changes of subscriptions take effect: the history of plans. Called within the transaction that also marks the
 * webhook as done, so that both happen or neither; on the database that {@link Payments} was given. One tenant's changes
 * come one after the other. What it throws rolls everything back, and the webhook comes again.
 */
@FunctionalInterface
public interface SubscriptionChanges {
    void apply(Connection connection, SubscriptionChange change) throws SQLException;
}
