/** Plans, subscriptions, credits and invoices, kept in SQL. */
package dev.mortise.billing.books;
