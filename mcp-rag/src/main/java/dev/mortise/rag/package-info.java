/** Documents in, passages out: a {@link dev.mortise.rag.KnowledgeBase}, and the plugin that offers it to MCP clients. */
package dev.mortise.rag;
