package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonTypeName;

/** Asks the user, by a form or by a visit to a URL (specification, client: Elicitation). */
@JsonTypeName(ElicitRequest.METHOD)
public record ElicitRequest(ElicitRequestParams params) implements InputRequest {
    static final String METHOD = "elicitation/create";

    public ElicitRequest {
        Fields.required(params, "ElicitRequest.params");
    }

    /** Asks by a form. Secrets must never be asked for in this way: they would pass through the client. */
    public static ElicitRequest form(String message, RequestedSchema requestedSchema) {
        return new ElicitRequest(ElicitRequestFormParams.of(message, requestedSchema));
    }

    /** Sends the user to a URL; what happens there stays between the user and the server. */
    public static ElicitRequest url(String message, String url) {
        return new ElicitRequest(ElicitRequestURLParams.of(message, url));
    }

    @Override
    public String method() {
        return METHOD;
    }
}
