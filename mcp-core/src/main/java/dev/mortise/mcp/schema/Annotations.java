package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hints on how a client may use content or a resource (specification, server: Resources, Annotations).
 *
 * @param audience whom it is meant for; empty where nothing is said
 * @param priority from 0, entirely optional, to 1, effectively required
 * @param lastModified when it changed last, as ISO 8601 text; {@link #lastModifiedInstant} reads it
 */
@JsonInclude(NON_NULL)
public record Annotations(
        @JsonInclude(NON_EMPTY) List<Role> audience,
        @Nullable Double priority,
        @Nullable String lastModified) {
    public Annotations {
        audience = Fields.list(audience, "Annotations.audience");
        Fields.fraction(priority, "Annotations.priority");
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The moment of the last change; empty where none is given, or none that is a date, a time and an offset. */
    public Optional<Instant> lastModifiedInstant() {
        if (lastModified == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(lastModified).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    public static final class Builder {
        private List<Role> audience = List.of();
        private @Nullable Double priority;
        private @Nullable String lastModified;

        private Builder() {}

        public Builder audience(Role... audience) {
            this.audience = List.of(audience);
            return this;
        }

        public Builder priority(double priority) {
            this.priority = priority;
            return this;
        }

        public Builder lastModified(Instant lastModified) {
            this.lastModified = lastModified.toString();
            return this;
        }

        public Annotations build() {
            return new Annotations(audience, priority, lastModified);
        }
    }
}
