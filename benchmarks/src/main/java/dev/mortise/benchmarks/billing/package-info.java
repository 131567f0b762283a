/** What metering costs: a reservation, an event in the ledger, a call, and making balances anew. */
@NullMarked
package dev.mortise.benchmarks.billing;

import org.jspecify.annotations.NullMarked;
