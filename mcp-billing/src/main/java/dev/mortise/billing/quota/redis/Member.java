package dev.mortise.billing.quota.redis;

import java.time.Duration;
import java.util.Set;

/**
 * This process under the name that it has at present.
 *
 * @param shards in which it is known; grows
 */
record Member(String id, Duration ttl, Set<Integer> shards) {}
