/** From text to the terms it is found by: English, Chinese, other writing, and the identifiers of code. */
package dev.mortise.rag.analysis;
