/** Vector search next to that of others: recall, speed, filters, size. */
@org.jspecify.annotations.NullMarked
package dev.mortise.benchmarks.vectors;
