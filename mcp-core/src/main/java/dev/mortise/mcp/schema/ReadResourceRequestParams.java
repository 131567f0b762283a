package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The parameters of {@code resources/read}. */
@JsonInclude(NON_NULL)
public record ReadResourceRequestParams(
        String uri,
        @JsonInclude(NON_EMPTY) Map<String, JsonNode> inputResponses,
        @Nullable String requestState,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements InputResponseRequestParams {
    public ReadResourceRequestParams {
        Fields.required(uri, "ReadResourceRequestParams.uri");
        inputResponses = Fields.map(inputResponses, "ReadResourceRequestParams.inputResponses");
        meta = Meta.orEmpty(meta);
    }

    public static ReadResourceRequestParams of(String uri) {
        return new ReadResourceRequestParams(uri, Map.of(), null, Meta.EMPTY);
    }

    @Override
    public ReadResourceRequestParams withInputResponses(Map<String, ? extends InputResponse> responses) {
        return new ReadResourceRequestParams(uri, Fields.trees(responses), requestState, meta);
    }

    @Override
    public ReadResourceRequestParams withRequestState(@Nullable String requestState) {
        return new ReadResourceRequestParams(uri, inputResponses, requestState, meta);
    }

    @Override
    public ReadResourceRequestParams withMeta(Meta meta) {
        return new ReadResourceRequestParams(uri, inputResponses, requestState, meta);
    }
}
