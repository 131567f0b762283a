/**
 * Fields that nobody reads without the key: {@link dev.mortise.security.crypto.Sealer}. Needs Tink, which is an optional
 * dependency.
 */
package dev.mortise.security.crypto;
