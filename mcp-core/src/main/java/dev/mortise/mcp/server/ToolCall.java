package dev.mortise.mcp.server;

import tools.jackson.databind.node.ObjectNode;

/** A call of a tool. */
public interface ToolCall extends HandlerCall {
    /** The arguments as they arrived; not to be modified. */
    ObjectNode arguments();
}
