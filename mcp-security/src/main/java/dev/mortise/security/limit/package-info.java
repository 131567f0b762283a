/** How often: rate limits, in one process or for all replicas. */
package dev.mortise.security.limit;
