/** Plans as data, and what they entitle a tenant to. */
package dev.mortise.billing.plan;
