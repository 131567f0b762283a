package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonCreator.Mode.DELEGATING;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.mortise.mcp.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * The {@code _meta} of a request, notification, result or definition: further information under namespaced keys, in
 * the order in which it was written (specification, basic: {@code _meta}). Keys that came from a peer are kept as they
 * are; keys that are added here must have the form of {@link MetaKeys#isValid}.
 *
 * @param entries what was attached; its order is kept
 */
@JsonSerialize(using = MetaSerializer.class)
public record Meta(Map<String, JsonNode> entries) {
    /** Nothing attached: {@code _meta} is not written at all. */
    public static final Meta EMPTY = new Meta(Map.of());

    @JsonCreator(mode = DELEGATING)
    public Meta {
        entries = Fields.map(entries, "_meta");
    }

    /** A {@code _meta} of one entry. */
    public static Meta of(String key, Object value) {
        return EMPTY.with(key, value);
    }

    /**
     * Reads the {@code _meta} member of a tree that is already parsed; empty where there is none.
     *
     * @throws IllegalArgumentException if it is there and is not an object
     */
    public static Meta from(@Nullable JsonNode node) {
        Map<String, JsonNode> entries = Fields.members(node, "_meta");
        return entries.isEmpty() ? EMPTY : new Meta(entries);
    }

    static Meta orEmpty(@Nullable Meta meta) {
        return meta == null ? EMPTY : meta;
    }

    public Optional<JsonNode> get(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    /**
     * Reads an entry as a wire value, for example {@code get(MetaKeys.CLIENT_INFO, Implementation.class)}.
     *
     * @throws tools.jackson.core.JacksonException if the entry is there and is no such value
     */
    public <T> Optional<T> get(String key, Class<T> type) {
        return get(key).map(node -> Json.mapper().treeToValue(node, type));
    }

    /** The entry if it is a string. */
    public Optional<String> text(String key) {
        JsonNode node = entries.get(key);
        return node != null && node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
    }

    /**
     * This and one more entry, or this with one entry replaced.
     *
     * @param value a JSON tree or anything that the JSON mapper writes
     * @throws IllegalArgumentException if the key does not have the form that the specification demands
     */
    public Meta with(String key, Object value) {
        if (!MetaKeys.isValid(key)) {
            throw new IllegalArgumentException(
                    "not a _meta key: \"" + key + "\"; a key is a name or prefix/name, such as com.example/trace-id");
        }
        Map<String, JsonNode> more = new LinkedHashMap<>(entries);
        more.put(key, value instanceof JsonNode node ? node : Json.tree(value));
        return new Meta(more);
    }

    /** Whether nothing is attached. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }
}
