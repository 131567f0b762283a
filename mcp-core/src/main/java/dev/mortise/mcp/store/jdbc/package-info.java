/**
 * Stores in PostgreSQL, for replicas that serve the same clients, and in a SQLite file, for one that remembers.
 * {@link JdbcStores} makes them. {@link Database} and {@link Migrations} are there for other modules that keep
 * something in SQL.
 */
package dev.mortise.mcp.store.jdbc;
