/** Stopping at the limit: reserve, run, commit or release; and the stage of a server that does so for each call. */
package dev.mortise.billing.quota;
