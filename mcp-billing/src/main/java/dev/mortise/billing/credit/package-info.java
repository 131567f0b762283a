/** Prepaid credits: money that invoices are paid with first. */
package dev.mortise.billing.credit;
