package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The parameters of {@code notifications/resources/updated}.
 *
 * @param uri what changed; it may lie below the resource that was subscribed to
 */
public record ResourceUpdatedNotificationParams(
        String uri,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public ResourceUpdatedNotificationParams {
        Fields.required(uri, "ResourceUpdatedNotificationParams.uri");
        meta = Meta.orEmpty(meta);
    }

    public static ResourceUpdatedNotificationParams of(String uri) {
        return new ResourceUpdatedNotificationParams(uri, Meta.EMPTY);
    }

    public ResourceUpdatedNotificationParams withMeta(Meta meta) {
        return new ResourceUpdatedNotificationParams(uri, meta);
    }
}
