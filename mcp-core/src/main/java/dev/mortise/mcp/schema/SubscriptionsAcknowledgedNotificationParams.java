package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The parameters of {@code notifications/subscriptions/acknowledged}, the first message of every subscription.
 *
 * @param notifications the part of the wishes that the server will honour
 */
public record SubscriptionsAcknowledgedNotificationParams(
        SubscriptionFilter notifications,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public SubscriptionsAcknowledgedNotificationParams {
        Fields.required(notifications, "SubscriptionsAcknowledgedNotificationParams.notifications");
        meta = Meta.orEmpty(meta);
    }

    public static SubscriptionsAcknowledgedNotificationParams of(SubscriptionFilter notifications) {
        return new SubscriptionsAcknowledgedNotificationParams(notifications, Meta.EMPTY);
    }

    public SubscriptionsAcknowledgedNotificationParams withMeta(Meta meta) {
        return new SubscriptionsAcknowledgedNotificationParams(notifications, meta);
    }
}
