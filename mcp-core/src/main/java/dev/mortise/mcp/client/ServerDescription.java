package dev.mortise.mcp.client;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.schema.Implementation;
import dev.mortise.mcp.schema.ServerCapabilities;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a server says about itself.
 *
 * @param version the revision that is spoken with it
 * @param info its name; claimed, never verified; {@code null} where it gave none
 * @param statedInstructions how a model makes good use of it; untrusted text
 */
public record ServerDescription(
        ProtocolVersion version,
        ServerCapabilities capabilities,
        @Nullable Implementation info,
        @Nullable String statedInstructions) {
    public Optional<String> instructions() {
        return Optional.ofNullable(statedInstructions);
    }

    /** The server's name, or a stand-in. */
    public String name() {
        return info == null ? "unnamed" : info.name();
    }
}
