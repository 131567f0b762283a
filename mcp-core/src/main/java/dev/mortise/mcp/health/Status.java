package dev.mortise.mcp.health;

import java.util.Locale;

/** How a group, or a check, is. Only {@link #DOWN} and {@link #DRAINING} are told with 503. */
public enum Status {
    UP,
    /** Something that is not required is down. */
    DEGRADED,
    DOWN,
    /** The server shuts down, and should get no more requests. */
    DRAINING;

    public int httpStatus() {
        return this == UP || this == DEGRADED ? 200 : 503;
    }

    /** As it stands in JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
