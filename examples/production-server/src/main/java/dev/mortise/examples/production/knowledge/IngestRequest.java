package dev.mortise.examples.production.knowledge;

import dev.mortise.mcp.json.Json;
import dev.mortise.rag.store.Tenant;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/**
 * A folder, or a file, that is to be taken in.
 *
 * @param tenant whose documents they become; empty for the house
 * @param mirror whether documents of the collection go that have no file there
 */
public record IngestRequest(String path, String tenant, String collection, boolean mirror) {
    Path folder() {
        return Path.of(path);
    }

    Tenant owner() {
        return tenant.isEmpty() ? Tenant.NONE : Tenant.of(tenant);
    }

    byte[] json() {
        return Json.write(Json.tree(this));
    }

    static IngestRequest of(JsonNode json) {
        return new IngestRequest(
                json.path("path").asString(""),
                json.path("tenant").asString(""),
                json.path("collection").asString("default"),
                json.path("mirror").asBoolean(false));
    }
}
