package dev.mortise.mcp;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The protocol revisions that Mortise knows. Rules that differ between revisions have names and live behind the
 * era seam; nothing else compares versions.
 */
public enum ProtocolVersion {
    V2026_07_28("2026-07-28"),
    V2025_11_25("2025-11-25"),
    V2025_06_18("2025-06-18"),
    V2025_03_26("2025-03-26"),
    V2024_11_05("2024-11-05");

    private static final Map<String, ProtocolVersion> BY_WIRE =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(ProtocolVersion::wire, version -> version));

    private final String wire;

    ProtocolVersion(String wire) {
        this.wire = wire;
    }

    /** The form on the wire, such as {@code 2026-07-28}. */
    public String wire() {
        return wire;
    }

    public static Optional<ProtocolVersion> of(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String toString() {
        return wire;
    }
}
