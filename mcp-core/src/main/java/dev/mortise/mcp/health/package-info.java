/** Says how a server is: whether it lives, has started, and is ready for calls. */
package dev.mortise.mcp.health;
