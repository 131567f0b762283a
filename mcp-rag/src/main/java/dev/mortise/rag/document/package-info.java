/** Documents: what comes in, and the text and the structure that are found in it. */
package dev.mortise.rag.document;
