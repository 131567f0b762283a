/** What several packages need and nobody else. */
package dev.mortise.rag.internal;
