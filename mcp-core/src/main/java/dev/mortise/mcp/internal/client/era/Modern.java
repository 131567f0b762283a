package dev.mortise.mcp.internal.client.era;

import dev.mortise.mcp.http.HeaderValue;
import dev.mortise.mcp.http.StandardHeaders;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.Implementation;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.MetaKeys;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Since 2026-07-28: every request says who asks, in which revision, and what the client can do. */
public final class Modern implements Era {
    private final String version;
    private final JsonNode client;
    private final JsonNode capabilities;

    Modern(String version, Implementation client, ClientCapabilities capabilities) {
        this.version = version;
        this.client = Json.tree(client);
        this.capabilities = Json.tree(capabilities);
    }

    @Override
    public ObjectNode params(
            ObjectNode params, Meta meta, @Nullable RequestId progress, @Nullable LoggingLevel logLevel) {
        ObjectNode sent = params.objectNode();
        sent.setAll(params);
        ObjectNode fields = sent.putObject("_meta");
        if (params.get("_meta") instanceof ObjectNode given) {
            fields.setAll(given);
        }
        Era.fill(fields, meta, progress);
        fields.put(MetaKeys.PROTOCOL_VERSION, version);
        fields.set(MetaKeys.CLIENT_INFO, client);
        fields.set(MetaKeys.CLIENT_CAPABILITIES, capabilities);
        if (logLevel != null) {
            fields.set(MetaKeys.LOG_LEVEL, Json.tree(logLevel));
        }
        return sent;
    }

    /** Streamable HTTP: Request Metadata. The tasks extension has {@code Mcp-Name} carry the id of the task. */
    @Override
    public Map<String, String> headers(String method, ObjectNode params) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(StandardHeaders.PROTOCOL_VERSION, version);
        headers.put(StandardHeaders.METHOD, method);
        String source = switch (method) {
            case "tools/call", "prompts/get" -> "name";
            case "resources/read" -> "uri";
            case "tasks/get", "tasks/update", "tasks/cancel" -> "taskId";
            default -> "";
        };
        if (params.path(source).isString()) {
            headers.put(
                    StandardHeaders.NAME, HeaderValue.encode(params.path(source).stringValue()));
        }
        return headers;
    }
}
