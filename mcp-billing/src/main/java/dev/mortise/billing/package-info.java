/** Counts the calls of a server, stops them at the limits of plans, and charges for them. */
package dev.mortise.billing;
