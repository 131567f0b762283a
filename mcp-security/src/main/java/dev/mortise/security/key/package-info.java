/** API keys: issued once, stored as hashes, narrowed, rotated, revoked everywhere within seconds. */
package dev.mortise.security.key;
