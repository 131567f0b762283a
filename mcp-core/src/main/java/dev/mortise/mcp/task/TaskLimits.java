package dev.mortise.mcp.task;

import java.time.Duration;

/**
 * The bounds of tasks.
 *
 * @param ttl from the beginning of a task until it may be forgotten
 * @param keep how long its end can be asked for at least
 * @param lease how long a process is taken for alive that does not say that it is
 */
record TaskLimits(Duration ttl, Duration keep, Duration lease, int perCaller, int inAll) {}
