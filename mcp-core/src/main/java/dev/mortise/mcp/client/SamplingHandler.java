package dev.mortise.mcp.client;

import dev.mortise.mcp.schema.CreateMessageRequestParams;
import dev.mortise.mcp.schema.CreateMessageResult;

/** Lets the server use this client's model. The user should see, and be able to refuse, what is asked. */
@FunctionalInterface
public interface SamplingHandler {
    CreateMessageResult answer(CreateMessageRequestParams request) throws Exception;
}
