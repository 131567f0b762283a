package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The parameters of a notification that says it all by its method, such as a change of a list. */
public record NotificationParams(
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public NotificationParams {
        meta = Meta.orEmpty(meta);
    }

    public static NotificationParams of(Meta meta) {
        return new NotificationParams(meta);
    }
}
