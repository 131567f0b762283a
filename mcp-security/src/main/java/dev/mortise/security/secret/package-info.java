/** Secrets of the server itself: where they come from, and whether they are any good. */
package dev.mortise.security.secret;
