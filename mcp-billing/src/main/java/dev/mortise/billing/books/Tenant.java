package dev.mortise.billing.books;

import java.time.Instant;
import java.time.ZoneId;

/**
 * Somebody who is billed: the tenant of callers.
 *
 * @param name as it stands on invoices
 * @param zone of billing periods that begin from now on
 */
public record Tenant(String id, String name, ZoneId zone, Instant createdAt) {}
