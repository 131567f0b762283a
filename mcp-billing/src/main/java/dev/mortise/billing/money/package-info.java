/** Amounts, exact to the smallest unit of their currency. */
package dev.mortise.billing.money;
