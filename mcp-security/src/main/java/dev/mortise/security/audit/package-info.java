/** Proof afterwards: what happened, in an order and with a content that nobody can change unnoticed. */
package dev.mortise.security.audit;
