/** A {@link dev.mortise.rag.store.ChunkStore} in a folder of this machine, or in memory, by Apache Lucene. */
package dev.mortise.rag.store.lucene;
