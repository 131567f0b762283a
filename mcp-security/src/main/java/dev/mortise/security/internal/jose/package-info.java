/** Signed objects of JOSE, read strictly. */
package dev.mortise.security.internal.jose;
