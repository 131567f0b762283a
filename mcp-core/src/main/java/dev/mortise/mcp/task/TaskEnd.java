package dev.mortise.mcp.task;

import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.store.TaskStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a task ends.
 *
 * @param message for its owner
 * @param ending what that is to those who charge for it
 */
record TaskEnd(
        TaskStatus status,
        @Nullable String message,
        @Nullable JsonNode result,
        @Nullable JsonNode error,
        Settlement.Ending ending) {
    /** With a result, which may say that the tool has failed. */
    static TaskEnd completed(JsonNode result) {
        boolean failed = result.path("isError").asBoolean(false);
        Settlement.Ending ending = failed ? Settlement.Ending.TOOL_ERROR : Settlement.Ending.COMPLETED;
        return new TaskEnd(TaskStatus.COMPLETED, null, result, null, ending);
    }

    static TaskEnd failed(String message, JsonRpcError error) {
        return new TaskEnd(TaskStatus.FAILED, message, null, Json.tree(error), Settlement.Ending.REFUSED);
    }

    /** It took longer than it may. */
    static TaskEnd timedOut(String message, JsonRpcError error) {
        return new TaskEnd(TaskStatus.FAILED, message, null, Json.tree(error), Settlement.Ending.TIMED_OUT);
    }

    static TaskEnd cancelled(String message) {
        return new TaskEnd(TaskStatus.CANCELLED, message, null, null, Settlement.Ending.CANCELLED);
    }
}
