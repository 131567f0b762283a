/** Finding passages: words and vectors together, and what makes of hits an answer that can be cited. */
package dev.mortise.rag.search;
