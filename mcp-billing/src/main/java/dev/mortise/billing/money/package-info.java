/** Amounts, exact to the smallest unit of their currency, and rates, which are finer. */
package dev.mortise.billing.money;
