/** Who is it? From the head of a request to a caller, or to a challenge. */
package dev.mortise.security.auth;
