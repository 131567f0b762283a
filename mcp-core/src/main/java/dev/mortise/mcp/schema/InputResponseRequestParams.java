package dev.mortise.mcp.schema;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The parameters of the requests that a server may answer with a question: the client asks again, with the answers and
 * the server's state (specification, basic: Multi Round-Trip Requests).
 */
public sealed interface InputResponseRequestParams
        permits CallToolRequestParams, GetPromptRequestParams, ReadResourceRequestParams {
    /**
     * The answers, by the key of the question. They stay trees: a server must ignore those it does not recognise, so
     * one that it cannot read must not spoil the request.
     */
    Map<String, JsonNode> inputResponses();

    /** What the server gave to be sent back, unchanged; to the server it is untrusted input. */
    @Nullable
    String requestState();

    Meta meta();

    InputResponseRequestParams withInputResponses(Map<String, ? extends InputResponse> responses);

    /** The same request with the server's state, or without any. */
    InputResponseRequestParams withRequestState(@Nullable String requestState);

    InputResponseRequestParams withMeta(Meta meta);
}
