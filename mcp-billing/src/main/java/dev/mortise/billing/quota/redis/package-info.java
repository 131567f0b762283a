/** Counters in Redis before the ledger, for replicas that would rather not wait for SQL. */
package dev.mortise.billing.quota.redis;
