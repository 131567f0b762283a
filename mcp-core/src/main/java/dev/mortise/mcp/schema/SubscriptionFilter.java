package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_DEFAULT;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The changes that a client wants to hear of, or that a server agreed to tell (specification, basic: Subscriptions).
 * Nothing is sent that was not asked for.
 *
 * @param resourceSubscriptions the URIs of single resources to be watched
 */
public record SubscriptionFilter(
        @JsonInclude(NON_DEFAULT) boolean toolsListChanged,
        @JsonInclude(NON_DEFAULT) boolean promptsListChanged,
        @JsonInclude(NON_DEFAULT) boolean resourcesListChanged,
        @JsonInclude(NON_EMPTY) List<String> resourceSubscriptions) {
    public SubscriptionFilter {
        resourceSubscriptions = Fields.list(resourceSubscriptions, "SubscriptionFilter.resourceSubscriptions");
    }

    public static Builder builder() {
        return new Builder();
    }

    public static final class Builder {
        private boolean toolsListChanged;
        private boolean promptsListChanged;
        private boolean resourcesListChanged;
        private List<String> resourceSubscriptions = List.of();

        private Builder() {}

        public Builder toolsListChanged(boolean wanted) {
            this.toolsListChanged = wanted;
            return this;
        }

        public Builder promptsListChanged(boolean wanted) {
            this.promptsListChanged = wanted;
            return this;
        }

        public Builder resourcesListChanged(boolean wanted) {
            this.resourcesListChanged = wanted;
            return this;
        }

        public Builder resourceSubscriptions(List<String> uris) {
            this.resourceSubscriptions = uris;
            return this;
        }

        public SubscriptionFilter build() {
            return new SubscriptionFilter(
                    toolsListChanged, promptsListChanged, resourcesListChanged, resourceSubscriptions);
        }
    }
}
