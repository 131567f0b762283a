package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of {@code notifications/progress} (specification, basic: Progress).
 *
 * @param progress how far the request has come, in any unit; finite, and more than in the notification before
 * @param total what {@code progress} will be at the end; {@code null} where it is not known
 * @param message for people
 */
@JsonInclude(NON_NULL)
public record ProgressNotificationParams(
        ProgressToken progressToken,
        @JsonProperty(required = true) double progress,
        @Nullable Double total,
        @Nullable String message,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public ProgressNotificationParams {
        Fields.required(progressToken, "ProgressNotificationParams.progressToken");
        Fields.finite(progress, "ProgressNotificationParams.progress");
        Fields.optionalFinite(total, "ProgressNotificationParams.total");
        meta = Meta.orEmpty(meta);
    }

    public static ProgressNotificationParams of(ProgressToken progressToken, double progress) {
        return new ProgressNotificationParams(progressToken, progress, null, null, Meta.EMPTY);
    }

    public ProgressNotificationParams withTotal(@Nullable Double total) {
        return new ProgressNotificationParams(progressToken, progress, total, message, meta);
    }

    public ProgressNotificationParams withMessage(@Nullable String message) {
        return new ProgressNotificationParams(progressToken, progress, total, message, meta);
    }

    public ProgressNotificationParams withMeta(Meta meta) {
        return new ProgressNotificationParams(progressToken, progress, total, message, meta);
    }
}
