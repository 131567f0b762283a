/**
 * What an operator sees of a server: {@linkplain dev.mortise.mcp.observe.ServerMetrics metrics}, {@linkplain
 * dev.mortise.mcp.observe.ServerTracing traces} and {@linkplain dev.mortise.mcp.observe.CallLog one log line a call}.
 *
 * <p>Metrics and traces need Micrometer ({@code io.micrometer:micrometer-core}), which is an optional dependency; the
 * count of active callers needs {@code com.dynatrace.hash4j:hash4j}. Who does not use these classes needs neither.
 */
package dev.mortise.mcp.observe;
