package dev.mortise.mcp;

import java.util.Arrays;
import java.util.Optional;

/**
 * The protocol revisions that Mortise knows. Rules that differ between revisions have names and live behind the
 * era seam; nothing else compares versions.
 */
public enum ProtocolVersion {
    V2026_07_28("2026-07-28");

    private final String wire;

    ProtocolVersion(String wire) {
        this.wire = wire;
    }

    /** The form on the wire, such as {@code 2026-07-28}. */
    public String wire() {
        return wire;
    }

    public static Optional<ProtocolVersion> of(String wire) {
        return Arrays.stream(values())
                .filter(version -> version.wire.equals(wire))
                .findFirst();
    }

    @Override
    public String toString() {
        return wire;
    }
}
