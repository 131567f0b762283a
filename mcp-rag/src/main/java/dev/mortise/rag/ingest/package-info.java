/** The way of a document into the store: fetched, read, cut, embedded, stored whole or not at all. */
package dev.mortise.rag.ingest;
