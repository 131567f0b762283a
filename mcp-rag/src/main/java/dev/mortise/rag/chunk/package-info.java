/** From a document to passages that are searched: cut where its structure allows, within a budget of tokens. */
package dev.mortise.rag.chunk;
