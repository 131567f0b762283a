/** What a call costs: alone, next to other servers, and with thousands of listeners beside it. */
@NullMarked
package dev.mortise.benchmarks;

import org.jspecify.annotations.NullMarked;
