package dev.mortise.mcp.internal.client.era;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ClientCapabilities;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a client declares in a handshake: as per request, without what legacy revisions do not know. */
final class LegacyCapabilities {
    private LegacyCapabilities() {}

    static JsonNode of(ClientCapabilities capabilities) {
        ObjectNode declared = (ObjectNode) Json.tree(capabilities);
        declared.remove("extensions");
        return declared;
    }
}
