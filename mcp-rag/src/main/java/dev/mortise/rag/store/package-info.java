/** Where chunks are kept and looked up: one contract, {@link dev.mortise.rag.store.ChunkStore}, and its implementations. */
package dev.mortise.rag.store;
