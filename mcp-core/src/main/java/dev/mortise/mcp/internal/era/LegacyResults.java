package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.GetPromptResult;
import dev.mortise.mcp.schema.ListToolsResult;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.Result;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Results as legacy revisions have them. Their schemas leave every object open, so a member that a revision does not
 * know, such as an icon, does no harm and stays; what goes is what only modern clients have a use for, and what is
 * changed is what would not be valid: kinds of content, structures that are no objects.
 */
final class LegacyResults {
    private static final List<String> MODERN_MEMBERS = List.of("resultType", "ttlMs", "cacheScope");

    private LegacyResults() {}

    /** A result that is a tree already. */
    record Prepared(ObjectNode tree) implements Result {
        @Override
        public Meta meta() {
            return Meta.EMPTY;
        }

        @Override
        public Prepared withMeta(Meta meta) {
            return this;
        }
    }

    static ObjectNode of(Result result, ProtocolVersion version) {
        if (result instanceof Prepared prepared) {
            return prepared.tree();
        }
        ObjectNode tree = (ObjectNode) Json.tree(result);
        tree.remove(MODERN_MEMBERS);
        if (result instanceof CallToolResult) {
            structure(tree, version);
            contents(tree, version);
        } else if (result instanceof GetPromptResult) {
            tree.path("messages").forEach(message -> content((ObjectNode) message, version));
        } else if (result instanceof ListToolsResult) {
            tree.path("tools").forEach(tool -> tool((ObjectNode) tool, version));
        }
        return tree;
    }

    /** What the structure says is in the text, too. */
    private static void structure(ObjectNode result, ProtocolVersion version) {
        boolean fits = version.supportsAnyStructure()
                || (version.supportsStructuredResults()
                        && result.path("structuredContent").isObject());
        if (!fits) {
            result.remove("structuredContent");
        }
    }

    private static void tool(ObjectNode tool, ProtocolVersion version) {
        boolean object = tool.path("outputSchema").path("type").asString("").equals("object");
        if (!version.supportsAnyStructure() && !(version.supportsStructuredResults() && object)) {
            tool.remove("outputSchema");
        }
    }

    private static void contents(ObjectNode result, ProtocolVersion version) {
        if (result.get("content") instanceof ArrayNode contents) {
            for (int i = 0; i < contents.size(); i++) {
                contents.set(i, known(contents.get(i), version));
            }
        }
    }

    private static void content(ObjectNode message, ProtocolVersion version) {
        JsonNode content = message.get("content");
        if (content != null) {
            message.set("content", known(content, version));
        }
    }

    private static JsonNode known(JsonNode content, ProtocolVersion version) {
        return switch (content.path("type").asString("")) {
            case "audio" -> version.supportsAudio() ? content : attachment(content);
            case "resource_link" -> version.supportsStructuredResults() ? content : text(content);
            default -> content;
        };
    }

    private static JsonNode attachment(JsonNode audio) {
        ObjectNode embedded = Json.object().put("type", "resource");
        embedded.putObject("resource")
                .put("uri", "attachment:audio")
                .put("mimeType", audio.path("mimeType").asString("audio/*"))
                .put("blob", audio.path("data").asString(""));
        return embedded;
    }

    private static JsonNode text(JsonNode link) {
        String name = link.path("name").asString("");
        return Json.object()
                .put("type", "text")
                .put("text", name + ": " + link.path("uri").asString(""));
    }
}
