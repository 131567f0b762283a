/** Requests of this server to others: guarded, bounded in time and size. */
package dev.mortise.security.internal.net;
