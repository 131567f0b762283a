package dev.mortise.mcp.client;

/** Where a server is, and how it is reached. */
public sealed interface ServerEndpoint permits HttpEndpoint, ServerCommand, LocalServer {
    /** For logs and messages; without secrets. */
    String label();
}
