package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mortise.mcp.jsonrpc.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of {@code notifications/cancelled} (specification, basic: Cancellation).
 *
 * @param requestId the request whose result nobody waits for any more
 * @param reason for logs and for people
 */
@JsonInclude(NON_NULL)
public record CancelledNotificationParams(
        RequestId requestId,
        @Nullable String reason,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public CancelledNotificationParams {
        Fields.required(requestId, "CancelledNotificationParams.requestId");
        meta = Meta.orEmpty(meta);
    }

    public static CancelledNotificationParams of(RequestId requestId) {
        return new CancelledNotificationParams(requestId, null, Meta.EMPTY);
    }

    public CancelledNotificationParams withReason(@Nullable String reason) {
        return new CancelledNotificationParams(requestId, reason, meta);
    }

    public CancelledNotificationParams withMeta(Meta meta) {
        return new CancelledNotificationParams(requestId, reason, meta);
    }
}
