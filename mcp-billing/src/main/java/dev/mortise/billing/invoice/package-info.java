/** What a tenant owes for a period, and the papers that say so. */
package dev.mortise.billing.invoice;
