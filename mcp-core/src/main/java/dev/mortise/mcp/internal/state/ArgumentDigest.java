package dev.mortise.mcp.internal.state;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A SHA-256 of what a request asks for, the same however its JSON was written: members in any order, numbers in any
 * notation. The parts that rightly differ between the rounds of one call are left out.
 */
public final class ArgumentDigest {
    private static final Set<String> PER_ROUND = Set.of("_meta", "inputResponses", "requestState");

    private final MessageDigest digest;

    private ArgumentDigest() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The digest of a request's params. */
    public static byte[] of(ObjectNode params) {
        Map<String, JsonNode> salient = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : params.properties()) {
            if (!PER_ROUND.contains(member.getKey())) {
                salient.put(member.getKey(), member.getValue());
            }
        }
        ArgumentDigest digest = new ArgumentDigest();
        digest.object(salient);
        return digest.digest.digest();
    }

    /** The digest of any JSON value. */
    public static byte[] ofValue(JsonNode value) {
        ArgumentDigest digest = new ArgumentDigest();
        digest.add(value);
        return digest.digest.digest();
    }

    private void add(JsonNode node) {
        if (node.isObject()) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            node.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
            object(sorted);
        } else if (node.isArray()) {
            tag('[', node.size());
            node.forEach(this::add);
        } else if (node.isString()) {
            text('s', node.stringValue());
        } else if (node.isNumber()) {
            text('n', node.decimalValue().stripTrailingZeros().toString());
        } else {
            text('l', node.toString());
        }
    }

    private void object(Map<String, JsonNode> sorted) {
        tag('{', sorted.size());
        sorted.forEach((name, value) -> {
            text('k', name);
            add(value);
        });
    }

    private void text(char tag, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        tag(tag, bytes.length);
        digest.update(bytes);
    }

    /** A kind and a length before each part, so that no two values are the same bytes. */
    private void tag(char tag, int length) {
        digest.update((byte) tag);
        digest.update(ByteBuffer.allocate(4).putInt(length).flip());
    }
}
