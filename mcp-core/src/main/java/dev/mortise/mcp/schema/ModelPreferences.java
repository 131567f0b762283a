package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What matters to a server in the choice of a model; advice that the client may ignore. Deprecated with sampling
 * itself.
 *
 * @param hints names to look for, the first match wins
 * @param costPriority from 0, cost does not matter, to 1
 * @param speedPriority from 0, speed does not matter, to 1
 * @param intelligencePriority from 0, capability does not matter, to 1
 */
@JsonInclude(NON_NULL)
public record ModelPreferences(
        @JsonInclude(NON_EMPTY) List<ModelHint> hints,
        @Nullable Double costPriority,
        @Nullable Double speedPriority,
        @Nullable Double intelligencePriority) {
    public ModelPreferences {
        hints = Fields.list(hints, "ModelPreferences.hints");
        Fields.fraction(costPriority, "ModelPreferences.costPriority");
        Fields.fraction(speedPriority, "ModelPreferences.speedPriority");
        Fields.fraction(intelligencePriority, "ModelPreferences.intelligencePriority");
    }

    public static Builder builder() {
        return new Builder();
    }

    public static final class Builder {
        private final List<ModelHint> hints = new ArrayList<>();
        private @Nullable Double costPriority;
        private @Nullable Double speedPriority;
        private @Nullable Double intelligencePriority;

        private Builder() {}

        /** Adds a name, or a part of one, to look for after those added before. */
        public Builder hint(String name) {
            hints.add(ModelHint.of(name));
            return this;
        }

        public Builder costPriority(double priority) {
            this.costPriority = priority;
            return this;
        }

        public Builder speedPriority(double priority) {
            this.speedPriority = priority;
            return this;
        }

        public Builder intelligencePriority(double priority) {
            this.intelligencePriority = priority;
            return this;
        }

        public ModelPreferences build() {
            return new ModelPreferences(hints, costPriority, speedPriority, intelligencePriority);
        }
    }
}
