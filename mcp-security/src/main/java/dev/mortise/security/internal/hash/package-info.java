/** Hashing without garbage. */
package dev.mortise.security.internal.hash;
