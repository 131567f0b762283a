/** Documents and chunks in PostgreSQL, for replicas that share them; with pgvector where it is there. */
package dev.mortise.rag.store.postgres;
