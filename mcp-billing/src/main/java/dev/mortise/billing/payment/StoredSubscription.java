package dev.mortise.billing.payment;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as it was last heard of.
 *
 * @param plan {@code null} if the price means none here
 * @param arrearsSince since when it is overdue without a pause; {@code null} if it is not
 * @param paidThrough the end of the last period that was in good standing
 * @param revision counts what was heard; a snapshot replaces only the one it was fetched after
 * @param confirmedAt when it was last fetched
 */
record StoredSubscription(
        String provider,
        String id,
        String tenant,
        @Nullable String operation,
        @Nullable String plan,
        @Nullable String price,
        SubscriptionStatus status,
        @Nullable Instant periodStart,
        @Nullable Instant periodEnd,
        @Nullable Instant trialEnd,
        boolean cancelsAtPeriodEnd,
        @Nullable Long outstanding,
        @Nullable String currency,
        @Nullable Instant arrearsSince,
        @Nullable Instant paidThrough,
        @Nullable Instant endedAt,
        long revision,
        Instant confirmedAt) {

    static StoredSubscription read(ResultSet row) throws SQLException {
        long outstanding = row.getLong("outstanding");
        boolean silent = row.wasNull();
        return new StoredSubscription(
                row.getString("provider"),
                row.getString("id"),
                row.getString("tenant"),
                row.getString("operation"),
                row.getString("plan"),
                row.getString("price"),
                SubscriptionStatus.valueOf(row.getString("status")),
                Rows.instant(row, "period_start"),
                Rows.instant(row, "period_end"),
                Rows.instant(row, "trial_end"),
                row.getInt("cancels_at_period_end") != 0,
                silent ? null : (Long) outstanding,
                row.getString("currency"),
                Rows.instant(row, "arrears_since"),
                Rows.instant(row, "paid_through"),
                Rows.instant(row, "ended_at"),
                row.getLong("revision"),
                Rows.time(row, "confirmed_at"));
    }

    /** What it comes to at a time, on its own. */
    PaymentStanding standing(Duration grace, Instant now) {
        if (plan == null) {
            return PaymentStanding.NONE;
        }
        // The message that it ended may still be on its way.
        if (cancelsAtPeriodEnd && status.isLive() && periodEnd != null && !now.isBefore(periodEnd)) {
            return PaymentStanding.ENDED;
        }
        return switch (status) {
            case PENDING -> PaymentStanding.NONE;
            case TRIALING -> PaymentStanding.TRIAL;
            case ACTIVE -> PaymentStanding.GOOD;
            case PAST_DUE -> now.isBefore(graceEnd(grace)) ? PaymentStanding.GRACE : PaymentStanding.SUSPENDED;
            case SUSPENDED -> PaymentStanding.SUSPENDED;
            case ENDED -> endedAt != null && now.isBefore(endedAt) ? PaymentStanding.GOOD : PaymentStanding.ENDED;
        };
    }

    /** When the standing changes by the passing of time alone; {@code null} if it does not. */
    @Nullable
    Instant until(Duration grace, Instant now) {
        Instant end = switch (status) {
            case PAST_DUE -> graceEnd(grace);
            case ENDED -> endedAt;
            case TRIALING, ACTIVE -> cancelsAtPeriodEnd ? periodEnd : null;
            case PENDING, SUSPENDED -> null;
        };
        return end != null && now.isBefore(end) ? end : null;
    }

    private Instant graceEnd(Duration grace) {
        return (arrearsSince == null ? confirmedAt : arrearsSince).plus(grace);
    }

    /** Whether it is the same but for when it was confirmed. */
    boolean saysAs(StoredSubscription other) {
        return at(0, Instant.EPOCH).equals(other.at(0, Instant.EPOCH));
    }

    private StoredSubscription at(long newRevision, Instant newConfirmedAt) {
        return new StoredSubscription(
                provider,
                id,
                tenant,
                operation,
                plan,
                price,
                status,
                periodStart,
                periodEnd,
                trialEnd,
                cancelsAtPeriodEnd,
                outstanding,
                currency,
                arrearsSince,
                paidThrough,
                endedAt,
                newRevision,
                newConfirmedAt);
    }
}
