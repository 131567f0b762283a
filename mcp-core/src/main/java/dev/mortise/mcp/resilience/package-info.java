/**
 * Degrade instead of fall: components that start in order, policies around tools and around what tools depend on, and
 * alerts. Health is told by {@link dev.mortise.mcp.health}.
 */
package dev.mortise.mcp.resilience;
