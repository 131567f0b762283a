package dev.mortise.mcp.json;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Finds halves of surrogate pairs: escapes can write them, UTF-8 cannot, so that a server which echoes one could not
 * send its own answer (RFC 7493 section 2.1).
 */
final class Surrogates {
    private Surrogates() {}

    /** Whether the bytes hold an escape of a surrogate; almost no text does, and then the tree need not be walked. */
    static boolean mayBeEscapedIn(byte[] json) {
        for (int i = 0; i + 3 < json.length; i++) {
            if (json[i] == '\\' && json[i + 1] == 'u' && (json[i + 2] | 0x20) == 'd' && json[i + 3] >= '8') {
                return true;
            }
        }
        return false;
    }

    static boolean unpairedIn(JsonNode node) {
        if (node.isString()) {
            return unpairedIn(node.stringValue());
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (unpairedIn(member.getKey()) || unpairedIn(member.getValue())) {
                return true;
            }
        }
        for (JsonNode element : node.isArray() ? node.values() : List.<JsonNode>of()) {
            if (unpairedIn(element)) {
                return true;
            }
        }
        return false;
    }

    private static boolean unpairedIn(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return true;
            }
        }
        return false;
    }
}
