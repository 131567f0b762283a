package dev.mortise.mcp.transport;

/** The process that started this one and holds the other end of its standard streams, or the same process. */
public record LocalProcess() implements Origin {}
