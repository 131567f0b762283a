/** Which tenant has which plan, from when to when. */
package dev.mortise.billing.subscription;
