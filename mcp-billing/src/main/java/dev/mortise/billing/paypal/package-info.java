/** PayPal as a payment provider, over the JDK's HTTP client: its SDK knows neither subscriptions' status nor webhooks. */
package dev.mortise.billing.paypal;
