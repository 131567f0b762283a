/** The production server as it is deployed, loaded through nginx, broken on purpose, and its books compared afterwards. */
@NullMarked
package dev.mortise.benchmarks.production;

import org.jspecify.annotations.NullMarked;
