/** The extension {@code io.modelcontextprotocol/skills}: instructions for agents, served as resources. */
package dev.mortise.mcp.skill;
