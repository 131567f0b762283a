/** From text to vectors. */
package dev.mortise.rag.embed;
