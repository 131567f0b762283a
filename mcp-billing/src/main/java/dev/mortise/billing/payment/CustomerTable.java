package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Which customer of a provider is which tenant. */
final class CustomerTable {
    private final String table;

    CustomerTable(Database database) {
        this.table = database.table("pay_customer");
    }

    Optional<String> customer(Connection connection, String provider, String tenant) throws SQLException {
        return Sql.first(
                connection,
                "SELECT customer FROM " + table + " WHERE provider = ? AND tenant = ?",
                row -> row.getString(1),
                provider,
                tenant);
    }

    Optional<String> tenant(Connection connection, String provider, String customer) throws SQLException {
        return Sql.first(
                connection,
                "SELECT tenant FROM " + table + " WHERE provider = ? AND customer = ?",
                row -> row.getString(1),
                provider,
                customer);
    }

    /**
     * Links the two, unless the tenant has a customer there already.
     *
     * @return the tenant's customer
     * @throws IllegalStateException if the customer is another tenant's
     */
    String link(Connection connection, String provider, String tenant, String customer, Instant now)
            throws SQLException {
        Optional<String> owner = tenant(connection, provider, customer);
        if (owner.isPresent() && !owner.get().equals(tenant)) {
            throw new IllegalStateException("The customer " + customer + " of " + provider + " is another tenant's");
        }
        Sql.update(
                connection,
                "INSERT INTO " + table + " (provider, tenant, customer, created_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (provider, tenant) DO NOTHING",
                provider,
                tenant,
                customer,
                now.toEpochMilli());
        return customer(connection, provider, tenant)
                .orElseThrow(() -> new SQLException("A customer was linked and is not"));
    }
}
