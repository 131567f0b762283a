package dev.mortise.billing.payment;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An operation and how far it is. */
record StoredOperation(
        String id,
        String tenant,
        String request,
        String digest,
        String provider,
        String kind,
        String detail,
        OperationState state,
        int attempts,
        @Nullable Instant firstAttemptAt,
        @Nullable String subscription,
        @Nullable String reference,
        @Nullable URI page,
        @Nullable Instant pageExpiresAt,
        @Nullable String error) {

    static StoredOperation read(ResultSet row) throws SQLException {
        String page = row.getString("page");
        return new StoredOperation(
                row.getString("id"),
                row.getString("tenant"),
                row.getString("request"),
                row.getString("digest"),
                row.getString("provider"),
                row.getString("kind"),
                row.getString("detail"),
                OperationState.valueOf(row.getString("state")),
                row.getInt("attempts"),
                Rows.instant(row, "first_attempt_at"),
                row.getString("subscription"),
                row.getString("reference"),
                page == null ? null : URI.create(page),
                Rows.instant(row, "page_expires_at"),
                row.getString("error"));
    }

    /** Whether a subscription comes of it. */
    boolean begins() {
        return kind.equals("CHECKOUT") || kind.equals("SUBSCRIBE");
    }
}
