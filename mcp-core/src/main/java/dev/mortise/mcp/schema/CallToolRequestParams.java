package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonCreator.Mode.DELEGATING;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The parameters of {@code tools/call}.
 *
 * @param arguments empty where the request has none
 */
@JsonInclude(NON_NULL)
public record CallToolRequestParams(
        String name,
        @JsonInclude(NON_EMPTY) ObjectNode arguments,
        @JsonInclude(NON_EMPTY) Map<String, JsonNode> inputResponses,
        @Nullable String requestState,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements InputResponseRequestParams {
    public CallToolRequestParams {
        Fields.required(name, "CallToolRequestParams.name");
        Fields.required(arguments, "CallToolRequestParams.arguments");
        inputResponses = Fields.map(inputResponses, "CallToolRequestParams.inputResponses");
        meta = Meta.orEmpty(meta);
    }

    public static CallToolRequestParams of(String name, ObjectNode arguments) {
        return new CallToolRequestParams(name, arguments, Map.of(), null, Meta.EMPTY);
    }

    /**
     * Reads the parameters from a message that is already parsed. Every call comes through here, so the trees inside
     * are taken over instead of being walked and copied by the mapper.
     *
     * @throws IllegalArgumentException if a member is missing or of the wrong type
     */
    @JsonCreator(mode = DELEGATING)
    public static CallToolRequestParams from(ObjectNode params) {
        return new CallToolRequestParams(
                Fields.required(Fields.text(params, "name"), "CallToolRequestParams.name"),
                Fields.objectOrEmpty(params, "arguments"),
                Fields.members(params.get("inputResponses"), "inputResponses"),
                Fields.text(params, "requestState"),
                Meta.from(params.get("_meta")));
    }

    @Override
    public CallToolRequestParams withInputResponses(Map<String, ? extends InputResponse> responses) {
        return new CallToolRequestParams(name, arguments, Fields.trees(responses), requestState, meta);
    }

    @Override
    public CallToolRequestParams withRequestState(@Nullable String requestState) {
        return new CallToolRequestParams(name, arguments, inputResponses, requestState, meta);
    }

    @Override
    public CallToolRequestParams withMeta(Meta meta) {
        return new CallToolRequestParams(name, arguments, inputResponses, requestState, meta);
    }
}
