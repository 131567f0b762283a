/** The extension {@code io.modelcontextprotocol/ui}, MCP Apps: views that a host shows for the results of tools. */
package dev.mortise.mcp.app;
