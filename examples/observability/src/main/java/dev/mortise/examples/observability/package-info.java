/** A server that its operators can see into. */
@org.jspecify.annotations.NullMarked
package dev.mortise.examples.observability;
