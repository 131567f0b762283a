/** The extension {@code io.modelcontextprotocol/tasks}: calls of tools that go on after their request is answered. */
package dev.mortise.mcp.task;
