package dev.mortise.mcp.client;

import dev.mortise.mcp.schema.ElicitRequestFormParams;
import dev.mortise.mcp.schema.ElicitResult;

/**
 * Puts a form of the server's to the user. Runs on the thread of the call, or, for a legacy server, on one of its own,
 * and may take its time; an interrupt means that nobody waits for the answer any more.
 */
@FunctionalInterface
public interface ElicitationHandler {
    /**
     * Asks the user. Fields that are left out get the default of the form; the whole is then held to the form's
     * schema, and it is an error of this handler if it does not fit.
     */
    ElicitResult answer(ElicitRequestFormParams form) throws Exception;
}
