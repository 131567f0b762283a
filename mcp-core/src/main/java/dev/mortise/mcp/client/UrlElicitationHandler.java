package dev.mortise.mcp.client;

import dev.mortise.mcp.schema.ElicitAction;
import dev.mortise.mcp.schema.ElicitRequestURLParams;

/**
 * Asks the user whether to open a page of the server's choice, and opens it. It must show the whole URL, never fetch it,
 * and open it where the client cannot see what the user types (specification, client: Elicitation, URL Mode).
 */
@FunctionalInterface
public interface UrlElicitationHandler {
    /** {@code ACCEPT} once the user agreed; whether the visit is over is between the user and the server. */
    ElicitAction answer(ElicitRequestURLParams page) throws Exception;
}
