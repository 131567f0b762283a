package dev.mortise.mcp.internal.session;

import java.time.Duration;

/**
 * How long and how many.
 *
 * @param idle how long a session may be idle
 * @param probation how long a session lives that was never used
 * @param resumable how long events are kept
 * @param streams how many streams may be open at once that clients have asked for
 */
public record SessionLimits(Duration idle, Duration probation, Duration resumable, int streams) {}
