package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The parameters of {@code notifications/message}. Log messages must not hold secrets or personal data (specification,
 * server: Logging). Deprecated with logging itself.
 *
 * @param logger who logs; {@code null} where it has no name
 * @param data any JSON value, JSON {@code null} included
 */
@JsonInclude(NON_NULL)
public record LoggingMessageNotificationParams(
        LoggingLevel level,
        @Nullable String logger,
        JsonNode data,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public LoggingMessageNotificationParams {
        Fields.required(level, "LoggingMessageNotificationParams.level");
        Fields.required(data, "LoggingMessageNotificationParams.data");
        meta = Meta.orEmpty(meta);
    }

    public static LoggingMessageNotificationParams of(LoggingLevel level, JsonNode data) {
        return new LoggingMessageNotificationParams(level, null, data, Meta.EMPTY);
    }

    public LoggingMessageNotificationParams withLogger(@Nullable String logger) {
        return new LoggingMessageNotificationParams(level, logger, data, meta);
    }

    public LoggingMessageNotificationParams withMeta(Meta meta) {
        return new LoggingMessageNotificationParams(level, logger, data, meta);
    }
}
