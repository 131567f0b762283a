package dev.mortise.mcp.client;

import dev.mortise.mcp.schema.ToolDefinition;

/**
 * A tool of one server among several.
 *
 * @param name the server's key and the tool's name, told apart by a separator: what a model calls
 * @param server the key that the server was given
 */
public record QualifiedTool(String name, String server, ToolDefinition tool) {}
