package dev.mortise.mcp.internal.client.era;

import dev.mortise.mcp.client.ServerDescription;
import dev.mortise.mcp.internal.client.Connection;

/** A connection, and what is spoken on it. */
public record Session(Connection connection, Era era, ServerDescription server) implements AutoCloseable {
    public boolean isModern() {
        return switch (era) {
            case Modern modern -> true;
            case Legacy legacy -> false;
        };
    }

    /** Whether a call may ask to become a task, rather than the server deciding it. */
    public boolean takesTaskRequests() {
        return switch (era) {
            case Modern modern -> false;
            case Legacy legacy -> legacy.hasTasks();
        };
    }

    @Override
    public void close() {
        connection.close();
    }
}
