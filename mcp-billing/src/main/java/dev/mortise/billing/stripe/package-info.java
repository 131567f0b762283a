/** Stripe as a payment provider. Needs stripe-java, which this module depends on optionally. */
package dev.mortise.billing.stripe;
