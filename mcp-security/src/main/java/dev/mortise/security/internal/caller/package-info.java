/** Who callers may not be. */
package dev.mortise.security.internal.caller;
