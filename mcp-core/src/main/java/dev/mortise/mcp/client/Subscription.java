package dev.mortise.mcp.client;

import dev.mortise.mcp.schema.SubscriptionFilter;

/**
 * Listening to a server, until it is closed. Lost connections are opened again; since changes in between are lost with
 * them, everything that was listened to is then reported as changed once.
 */
public interface Subscription extends AutoCloseable {
    /** What the server agreed to tell; less than was wished for where it does not support the rest. */
    SubscriptionFilter honoured();

    /** Whether the server is connected right now. */
    boolean isLive();

    @Override
    void close();
}
