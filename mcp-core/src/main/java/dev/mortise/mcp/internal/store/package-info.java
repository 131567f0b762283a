/** What stores have in common, wherever they store. */
package dev.mortise.mcp.internal.store;
