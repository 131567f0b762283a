/** What was used, kept for good: a double-entry ledger of units, and the totals that follow from it. */
package dev.mortise.billing.ledger;
