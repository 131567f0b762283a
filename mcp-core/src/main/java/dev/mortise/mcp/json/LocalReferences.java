package dev.mortise.mcp.json;

import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Refuses every reference that leaves the schema. The specification forbids fetching them, and a schema that silently
 * ignored one would accept anything (basic: {@code $ref} Resolution).
 */
final class LocalReferences {
    private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");

    /** The values of these are instances, not schemas. */
    private static final Set<String> DATA = Set.of("const", "enum", "default", "examples");

    /** The members of these have names of their own choice, which are not keywords. */
    private static final Set<String> NAMED =
            Set.of("properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions");

    private final JsonNode root;
    private final String idKeyword;
    private final @Nullable URI base;
    private final Set<String> resources = new HashSet<>();

    private LocalReferences(JsonNode root, String idKeyword) {
        this.root = root;
        this.idKeyword = idKeyword;
        JsonNode id = root.path(idKeyword);
        this.base = id.isString() ? uri(id.stringValue()) : null;
    }

    /** Checks a schema of a dialect in which {@code idKeyword} names a schema. */
    static void check(JsonNode schema, String idKeyword) {
        LocalReferences references = new LocalReferences(schema, idKeyword);
        references.collect(schema);
        references.visit(schema, "", false);
    }

    private void collect(JsonNode node) {
        JsonNode id = node.path(idKeyword);
        if (id.isString()) {
            resources.add(resolve(id.stringValue()));
        }
        for (JsonNode child : node) {
            collect(child);
        }
    }

    private void visit(JsonNode node, String path, boolean named) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (value.isString() && !named) {
                keyword(name, value, path);
            } else if (named || !DATA.contains(name)) {
                visit(value, path + "/" + name, !named && NAMED.contains(name));
            }
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                visit(node.get(i), path + "/" + i, false);
            }
        }
    }

    private void keyword(String name, JsonNode value, String path) {
        if (REFERENCES.contains(name)) {
            refuseRemote(value.stringValue(), path);
        } else if (name.equals("$schema") && !value.equals(root.get("$schema"))) {
            throw new InvalidSchema("The schema changes its dialect at '" + path + "'; use one $schema, at the root");
        }
    }

    private void refuseRemote(String reference, String path) {
        if (!reference.startsWith("#") && !resources.contains(resolve(reference))) {
            throw new InvalidSchema("The reference '" + reference + "' at '" + path
                    + "' leaves the schema, and nothing is ever fetched; copy its target into $defs and refer to that");
        }
    }

    private String resolve(String reference) {
        int fragment = reference.indexOf('#');
        String resource = fragment < 0 ? reference : reference.substring(0, fragment);
        URI relative = uri(resource);
        return base == null || relative == null
                ? resource
                : base.resolve(relative).toString();
    }

    private static @Nullable URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
