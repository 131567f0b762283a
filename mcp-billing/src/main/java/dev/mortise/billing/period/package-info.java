/** Billing periods: half-open, anchored, in the time zone of the tenant. */
package dev.mortise.billing.period;
