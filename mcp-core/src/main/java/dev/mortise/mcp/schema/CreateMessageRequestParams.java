package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a model shall be asked (specification, client: Sampling). The client may change or ignore all but
 * {@code messages} and {@code maxTokens}. Deprecated with sampling itself.
 *
 * @param temperature finite; its range is the model's
 * @param maxTokens the most tokens to sample, at least 1
 * @param metadata passed through to the model's provider
 * @param tools what the model may use; only for a client that declares it ({@code sampling.tools})
 */
@JsonInclude(NON_NULL)
public record CreateMessageRequestParams(
        List<SamplingMessage> messages,
        @Nullable ModelPreferences modelPreferences,
        @Nullable String systemPrompt,
        @Nullable IncludeContext includeContext,
        @Nullable Double temperature,
        int maxTokens,
        @JsonInclude(NON_EMPTY) List<String> stopSequences,
        @Nullable ObjectNode metadata,
        @JsonInclude(NON_EMPTY) List<ToolDefinition> tools,
        @Nullable ToolChoice toolChoice) {
    public CreateMessageRequestParams {
        messages = Fields.requiredList(messages, "CreateMessageRequestParams.messages");
        Fields.optionalFinite(temperature, "CreateMessageRequestParams.temperature");
        if (maxTokens < 1) {
            throw new IllegalArgumentException("CreateMessageRequestParams.maxTokens must be at least 1");
        }
        stopSequences = Fields.list(stopSequences, "CreateMessageRequestParams.stopSequences");
        tools = Fields.list(tools, "CreateMessageRequestParams.tools");
    }

    public static Builder builder(List<SamplingMessage> messages, int maxTokens) {
        return new Builder(messages, maxTokens);
    }

    public static final class Builder {
        private final List<SamplingMessage> messages;
        private final int maxTokens;
        private @Nullable ModelPreferences modelPreferences;
        private @Nullable String systemPrompt;
        private @Nullable IncludeContext includeContext;
        private @Nullable Double temperature;
        private List<String> stopSequences = List.of();
        private @Nullable ObjectNode metadata;
        private List<ToolDefinition> tools = List.of();
        private @Nullable ToolChoice toolChoice;

        private Builder(List<SamplingMessage> messages, int maxTokens) {
            this.messages = messages;
            this.maxTokens = maxTokens;
        }

        public Builder modelPreferences(ModelPreferences modelPreferences) {
            this.modelPreferences = modelPreferences;
            return this;
        }

        public Builder systemPrompt(String systemPrompt) {
            this.systemPrompt = systemPrompt;
            return this;
        }

        public Builder includeContext(IncludeContext includeContext) {
            this.includeContext = includeContext;
            return this;
        }

        public Builder temperature(double temperature) {
            this.temperature = temperature;
            return this;
        }

        public Builder stopSequences(List<String> stopSequences) {
            this.stopSequences = stopSequences;
            return this;
        }

        public Builder metadata(ObjectNode metadata) {
            this.metadata = metadata;
            return this;
        }

        public Builder tools(List<ToolDefinition> tools) {
            this.tools = tools;
            return this;
        }

        public Builder toolChoice(ToolChoice toolChoice) {
            this.toolChoice = toolChoice;
            return this;
        }

        public CreateMessageRequestParams build() {
            return new CreateMessageRequestParams(
                    messages,
                    modelPreferences,
                    systemPrompt,
                    includeContext,
                    temperature,
                    maxTokens,
                    stopSequences,
                    metadata,
                    tools,
                    toolChoice);
        }
    }
}
