package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.internal.dispatch.MethodTable;
import dev.mortise.mcp.internal.dispatch.Settlements;
import dev.mortise.mcp.schema.Implementation;
import dev.mortise.mcp.schema.ServerCapabilities;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a server is to its legacy clients.
 *
 * @param patience how long a user may take over a question
 * @param tasks {@code null} for a server without
 */
public record LegacyParts(
        Implementation server,
        ServerCapabilities capabilities,
        @Nullable String instructions,
        MethodTable methods,
        Settlements settlements,
        Duration patience,
        Clock clock,
        @Nullable LegacyTasks tasks,
        Wording wording) {
    LegacyRefusals refusals() {
        return new LegacyRefusals(new ModernRefusals(wording));
    }
}
