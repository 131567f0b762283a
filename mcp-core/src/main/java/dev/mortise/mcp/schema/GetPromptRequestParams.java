package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The parameters of {@code prompts/get}. */
@JsonInclude(NON_NULL)
public record GetPromptRequestParams(
        String name,
        @JsonInclude(NON_EMPTY) Map<String, String> arguments,
        @JsonInclude(NON_EMPTY) Map<String, JsonNode> inputResponses,
        @Nullable String requestState,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements InputResponseRequestParams {
    public GetPromptRequestParams {
        Fields.required(name, "GetPromptRequestParams.name");
        arguments = Fields.map(arguments, "GetPromptRequestParams.arguments");
        inputResponses = Fields.map(inputResponses, "GetPromptRequestParams.inputResponses");
        meta = Meta.orEmpty(meta);
    }

    public static GetPromptRequestParams of(String name, Map<String, String> arguments) {
        return new GetPromptRequestParams(name, arguments, Map.of(), null, Meta.EMPTY);
    }

    @Override
    public GetPromptRequestParams withInputResponses(Map<String, ? extends InputResponse> responses) {
        return new GetPromptRequestParams(name, arguments, Fields.trees(responses), requestState, meta);
    }

    @Override
    public GetPromptRequestParams withRequestState(@Nullable String requestState) {
        return new GetPromptRequestParams(name, arguments, inputResponses, requestState, meta);
    }

    @Override
    public GetPromptRequestParams withMeta(Meta meta) {
        return new GetPromptRequestParams(name, arguments, inputResponses, requestState, meta);
    }
}
