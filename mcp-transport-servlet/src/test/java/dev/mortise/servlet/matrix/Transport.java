package dev.mortise.servlet.matrix;

import dev.mortise.mcp.ProtocolVersion;

/** The ways between a client and a server. */
enum Transport {
    IN_MEMORY,
    STDIO,
    STREAMABLE_HTTP,
    HTTP_SSE;

    /** Whether the specification of this revision has the transport. */
    boolean belongsTo(ProtocolVersion version) {
        return switch (this) {
            // Not the specification's, and so of none of its revisions more than of another.
            case IN_MEMORY -> true;
            case STDIO -> true;
            case STREAMABLE_HTTP -> version != ProtocolVersion.V2024_11_05;
            case HTTP_SSE -> version == ProtocolVersion.V2024_11_05;
        };
    }
}
