/** Where keys, users, grants and approvals are kept: in memory, in SQLite, in PostgreSQL. */
package dev.mortise.security.store;
