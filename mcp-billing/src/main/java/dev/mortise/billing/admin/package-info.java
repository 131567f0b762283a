/** What administrators see and change over HTTP: tenants, plans, usage, invoices, credits, subscriptions, webhooks. */
package dev.mortise.billing.admin;
