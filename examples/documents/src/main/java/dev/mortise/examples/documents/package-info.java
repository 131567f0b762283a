/** An MCP server over a folder of documents; {@link dev.mortise.examples.documents.DocumentServer} is where to begin. */
package dev.mortise.examples.documents;
