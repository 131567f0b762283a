package dev.mortise.mcp.json;

import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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

    private static final URI NO_BASE = URI.create("");
    private static final URI NOWHERE = URI.create("invalid:/");

    private final JsonNode root;
    private final String idKeyword;
    private final Set<String> resources = new HashSet<>();

    private LocalReferences(JsonNode root, String idKeyword) {
        this.root = root;
        this.idKeyword = idKeyword;
    }

    /** Checks a schema of a dialect in which {@code idKeyword} names a schema. */
    static void check(JsonNode schema, String idKeyword) {
        LocalReferences references = new LocalReferences(schema, idKeyword);
        references.collect(schema, NO_BASE);
        references.visit(schema, "", false, NO_BASE);
    }

    private void collect(JsonNode node, URI outer) {
        URI base = base(node, outer);
        if (node.path(idKeyword).isString()) {
            resources.add(base.toString());
        }
        for (JsonNode child : node) {
            collect(child, base);
        }
    }

    private void visit(JsonNode node, String path, boolean named, URI outer) {
        URI base = named ? outer : base(node, outer);
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (value.isString() && !named) {
                keyword(name, value, path, base);
            } else if (named || !DATA.contains(name)) {
                visit(value, path + "/" + name, !named && NAMED.contains(name), base);
            }
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                visit(node.get(i), path + "/" + i, false, base);
            }
        }
    }

    private void keyword(String name, JsonNode value, String path, URI base) {
        String text = value.stringValue();
        if (REFERENCES.contains(name)
                && !text.startsWith("#")
                && !resources.contains(resolve(text, base).toString())) {
            throw new InvalidSchema("The reference '" + text + "' at '" + path
                    + "' leaves the schema, and nothing is ever fetched; copy its target into $defs and refer to that");
        }
        if (name.equals("$schema") && !value.equals(root.get("$schema"))) {
            throw new InvalidSchema("The schema changes its dialect at '" + path + "'; use one $schema, at the root");
        }
    }

    private URI base(JsonNode node, URI outer) {
        JsonNode id = node.path(idKeyword);
        return id.isString() ? resolve(id.stringValue(), outer) : outer;
    }

    /** What a reference points into. One that is no URI points nowhere that is known. */
    private static URI resolve(String reference, URI base) {
        int fragment = reference.indexOf('#');
        try {
            return base.resolve(fragment < 0 ? reference : reference.substring(0, fragment));
        } catch (IllegalArgumentException e) {
            return NOWHERE;
        }
    }
}
