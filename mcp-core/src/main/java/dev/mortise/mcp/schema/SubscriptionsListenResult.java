package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mortise.mcp.jsonrpc.RequestId;

/**
 * The answer to {@code subscriptions/listen}: the server ends the subscription in good order, for example because it
 * shuts down. A stream that breaks off ends without it.
 *
 * @param meta holds the id of the subscription, which is the id of the request that is answered
 */
public record SubscriptionsListenResult(
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) implements Result {
    public SubscriptionsListenResult {
        meta = Meta.orEmpty(meta);
        if (meta.get(MetaKeys.SUBSCRIPTION_ID).isEmpty()) {
            throw new IllegalArgumentException(
                    "SubscriptionsListenResult._meta[" + MetaKeys.SUBSCRIPTION_ID + "] is missing");
        }
    }

    public static SubscriptionsListenResult of(RequestId subscription) {
        return new SubscriptionsListenResult(Meta.of(MetaKeys.SUBSCRIPTION_ID, subscription));
    }

    @Override
    public SubscriptionsListenResult withMeta(Meta meta) {
        return new SubscriptionsListenResult(meta);
    }
}
