/** How vectors lie in a Lucene index. */
package dev.mortise.rag.internal.vectors;
