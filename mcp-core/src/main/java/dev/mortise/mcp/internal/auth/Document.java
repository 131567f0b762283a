package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.json.Json;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A JSON object from somebody who is not trusted. A member of the wrong type counts as absent. */
record Document(JsonNode json) {
    private static final int MAX_TEXT = 64 * 1024;
    private static final int MAX_ENTRIES = 1000;

    /** Empty if the bytes are anything else. */
    static Optional<Document> read(byte[] bytes) {
        try {
            JsonNode json = Json.read(bytes);
            return json.isObject() ? Optional.of(new Document(json)) : Optional.empty();
        } catch (Json.InvalidJson e) {
            return Optional.empty();
        }
    }

    Optional<String> text(String name) {
        JsonNode value = json.path(name);
        return value.isString()
                        && !value.asString().isEmpty()
                        && value.asString().length() <= MAX_TEXT
                ? Optional.of(value.asString())
                : Optional.empty();
    }

    Optional<URI> uri(String name) {
        return text(name).flatMap(Uris::parse);
    }

    boolean isTrue(String name) {
        return json.path(name).isBoolean() && json.path(name).asBoolean();
    }

    /** The texts of a list; empty where there is no list. */
    Optional<List<String>> texts(String name) {
        JsonNode value = json.path(name);
        if (!value.isArray()) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode each : value) {
            if (each.isString() && texts.size() < MAX_ENTRIES) {
                texts.add(each.asString());
            }
        }
        return Optional.of(List.copyOf(texts));
    }
}
