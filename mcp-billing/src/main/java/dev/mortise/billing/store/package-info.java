/** The ledger in PostgreSQL and SQLite. */
package dev.mortise.billing.store;
