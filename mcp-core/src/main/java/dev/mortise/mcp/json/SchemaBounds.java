package dev.mortise.mcp.json;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a schema may cost, checked before anything is compiled (specification, basic: Composition-Keyword Resource
 * Use). A schema may come from a server nobody vouches for.
 */
final class SchemaBounds {
    static final int MAX_DEPTH = 64;
    static final int MAX_SUBSCHEMAS = 10_000;
    static final int MAX_CHARACTERS = 1 << 20;

    private int objects;
    private long characters;

    private SchemaBounds() {}

    static void check(JsonNode schema) {
        new SchemaBounds().visit(schema, 1);
    }

    private void visit(JsonNode node, int depth) {
        if (depth > MAX_DEPTH) {
            throw new InvalidSchema("The schema nests deeper than " + MAX_DEPTH + " levels; move parts into $defs");
        }
        count(2);
        switch (node.getNodeType()) {
            case OBJECT -> {
                if (++objects > MAX_SUBSCHEMAS) {
                    throw new InvalidSchema("The schema has more than " + MAX_SUBSCHEMAS + " subschemas; simplify it");
                }
                for (Map.Entry<String, JsonNode> member : node.properties()) {
                    count(member.getKey().length() + 3);
                    visit(member.getValue(), depth + 1);
                }
            }
            case ARRAY -> {
                for (JsonNode element : node) {
                    visit(element, depth + 1);
                }
            }
            case STRING -> count(node.stringValue().length());
            case NUMBER, BOOLEAN, NULL -> count(4);
            case BINARY, MISSING, POJO ->
                throw new InvalidSchema("The schema holds a value that is not JSON: " + node.getNodeType());
        }
    }

    private void count(int more) {
        characters += more;
        if (characters > MAX_CHARACTERS) {
            throw new InvalidSchema("The schema is longer than " + MAX_CHARACTERS + " characters; simplify it");
        }
    }
}
