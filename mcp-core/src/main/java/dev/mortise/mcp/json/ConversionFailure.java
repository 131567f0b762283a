package dev.mortise.mcp.json;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Says what is wrong with a value that is valid JSON Schema-wise but that Java would not take, naming no class. */
final class ConversionFailure {
    private static final String DATE_TIME = "must be a date and time with an offset, such as 2026-01-31T12:00:00Z";

    private static final Map<Class<?>, String> EXPECTED = Map.of(
            LocalDate.class, "must be a date, such as 2026-01-31",
            LocalTime.class, "must be a time, such as 12:00:00",
            LocalDateTime.class, "must be a date and time without an offset, such as 2026-01-31T12:00:00",
            Instant.class, DATE_TIME,
            OffsetDateTime.class, DATE_TIME,
            ZonedDateTime.class, DATE_TIME,
            Duration.class, "must be a duration, such as PT15M",
            UUID.class, "must be a UUID of 36 characters",
            URI.class, "must be a URI");

    private ConversionFailure() {}

    static Violation of(JacksonException failure) {
        return new Violation(path(failure), message(failure));
    }

    private static String message(JacksonException failure) {
        if (failure instanceof ValueInstantiationException) {
            return authorsWords(failure.getCause());
        }
        if (failure instanceof InputCoercionException) {
            return "is a number outside the range that is possible here";
        }
        if (failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return EXPECTED.getOrDefault(mismatch.getTargetType(), "has a value that cannot be used here");
        }
        return "has a value that cannot be used here";
    }

    /** An IllegalArgumentException that the JDK throws on the constructor's behalf may quote class names. */
    private static String authorsWords(@Nullable Throwable cause) {
        if (cause == null || cause.getClass() != IllegalArgumentException.class || cause.getMessage() == null) {
            return "is not acceptable";
        }
        StackTraceElement[] trace = cause.getStackTrace();
        String module = trace.length == 0 ? "java.base" : trace[0].getModuleName();
        boolean fromTheJdk = module != null && (module.startsWith("java.") || module.startsWith("jdk."));
        return fromTheJdk ? "is not acceptable" : "is not acceptable: " + cause.getMessage();
    }

    private static String path(JacksonException failure) {
        JsonPointer path = JsonPointer.empty();
        for (JacksonException.Reference step : failure.getPath()) {
            if (step.getPropertyName() != null) {
                path = path.appendProperty(step.getPropertyName());
            } else if (step.getIndex() >= 0) {
                path = path.appendIndex(step.getIndex());
            }
        }
        return path.toString();
    }
}
