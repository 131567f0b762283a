package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonTypeName;

/** Asks the client to sample its model (specification, client: Sampling). Deprecated with sampling itself. */
@JsonTypeName(CreateMessageRequest.METHOD)
public record CreateMessageRequest(CreateMessageRequestParams params) implements InputRequest {
    static final String METHOD = "sampling/createMessage";

    public CreateMessageRequest {
        Fields.required(params, "CreateMessageRequest.params");
    }

    public static CreateMessageRequest of(CreateMessageRequestParams params) {
        return new CreateMessageRequest(params);
    }

    @Override
    public String method() {
        return METHOD;
    }
}
