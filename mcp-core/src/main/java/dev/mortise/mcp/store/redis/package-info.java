/**
 * Stores in Redis, for replicas that serve the same clients. {@link RedisStores} makes them; {@link Redis} is the
 * little that they need of a client library, with {@link JedisRedis} for Jedis. The module
 * {@code redis.clients.jedis} is needed only where {@link JedisRedis} is used.
 */
package dev.mortise.mcp.store.redis;
