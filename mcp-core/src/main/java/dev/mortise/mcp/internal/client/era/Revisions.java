package dev.mortise.mcp.internal.client.era;

import dev.mortise.mcp.ProtocolVersion;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The revisions that a client offers, sorted by their era. */
public final class Revisions {
    private final List<ProtocolVersion> offered;

    Revisions(List<ProtocolVersion> offered) {
        this.offered = List.copyOf(offered);
    }

    /** All that this library knows, the best one first. */
    public static List<ProtocolVersion> all() {
        return List.of(ProtocolVersion.values());
    }

    static boolean isModern(ProtocolVersion version) {
        return switch (version) {
            case V2026_07_28 -> true;
            case V2025_11_25, V2025_06_18, V2025_03_26, V2024_11_05 -> false;
        };
    }

    Optional<ProtocolVersion> bestModern() {
        return offered.stream().filter(Revisions::isModern).findFirst();
    }

    Optional<ProtocolVersion> bestLegacy() {
        return offered.stream().filter(version -> !isModern(version)).findFirst();
    }

    /** The best of those offered that is in the server's list too. */
    Optional<ProtocolVersion> mutual(JsonNode listed, boolean modern) {
        for (ProtocolVersion version : offered) {
            for (JsonNode entry : listed) {
                if (isModern(version) == modern && entry.asString("").equals(version.wire())) {
                    return Optional.of(version);
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return offered.toString();
    }
}
