/** What is counted: counters, gauges, and what a tool weighs in them. */
package dev.mortise.billing.meter;
