package dev.mortise.mcp.transport;

/** Where a message came from: what is known about it apart from its content. */
public sealed interface Origin permits HttpHead, LocalProcess {}
