/** The one form in which JSON is hashed. */
package dev.mortise.security.internal.json;
