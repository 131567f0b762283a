/** Requests to payment providers: bounded in time and size. */
package dev.mortise.billing.payment.internal;
