/** Picks the few tools, resources and prompts that serve a request, from all that a server offers to a caller. */
package dev.mortise.rag.discovery;
