package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The parameters of {@code subscriptions/listen}. */
public record SubscriptionsListenRequestParams(
        SubscriptionFilter notifications,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public SubscriptionsListenRequestParams {
        Fields.required(notifications, "SubscriptionsListenRequestParams.notifications");
        meta = Meta.orEmpty(meta);
    }

    public static SubscriptionsListenRequestParams of(SubscriptionFilter notifications) {
        return new SubscriptionsListenRequestParams(notifications, Meta.EMPTY);
    }

    public SubscriptionsListenRequestParams withMeta(Meta meta) {
        return new SubscriptionsListenRequestParams(notifications, meta);
    }
}
