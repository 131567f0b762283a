/**
 * How a client is let into a protected server: OAuth as the specification has it (basic: Authorization). Begin with
 * {@link dev.mortise.mcp.client.auth.OAuth}.
 */
package dev.mortise.mcp.client.auth;
