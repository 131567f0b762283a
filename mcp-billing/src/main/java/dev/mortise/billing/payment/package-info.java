/** Payment providers kept in step: subscriptions, webhooks, usage to report, what a tenant is entitled to meanwhile. */
package dev.mortise.billing.payment;
