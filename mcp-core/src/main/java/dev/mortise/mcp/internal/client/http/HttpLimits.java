package dev.mortise.mcp.internal.client.http;

import java.time.Duration;

/**
 * What a server may make an HTTP transport do.
 *
 * @param maxMessageBytes the longest message, and the longest event
 * @param connectTimeout for a connection to come about
 * @param closeTimeout for goodbyes
 */
public record HttpLimits(int maxMessageBytes, Duration connectTimeout, Duration closeTimeout) {}
