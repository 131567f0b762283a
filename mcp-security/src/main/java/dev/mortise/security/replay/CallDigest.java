package dev.mortise.security.replay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * SHA-256 in plain characters: of texts, and of what a call asks for, however its JSON is written. What rightly differs
 * between two sendings of one call, and between its rounds, is left out.
 */
final class CallDigest {
    private static final Set<String> NOT_ASKED_FOR = Set.of("_meta", "inputResponses", "requestState");

    private final MessageDigest digest;

    private CallDigest() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    static String of(String text) {
        CallDigest digest = new CallDigest();
        digest.part('s', text);
        return digest.result();
    }

    static String ofParams(ObjectNode params) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        params.properties().stream()
                .filter(member -> !NOT_ASKED_FOR.contains(member.getKey()))
                .forEach(member -> sorted.put(member.getKey(), member.getValue()));
        CallDigest digest = new CallDigest();
        digest.members(sorted);
        return digest.result();
    }

    private String result() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
    }

    private void value(JsonNode node) {
        if (node.isObject()) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            node.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
            members(sorted);
        } else if (node.isArray()) {
            begin('a', node.size());
            node.forEach(this::value);
        } else if (node.isString()) {
            part('s', node.stringValue());
        } else if (node.isNumber()) {
            part('n', node.decimalValue().stripTrailingZeros().toString());
        } else {
            part('l', node.toString());
        }
    }

    private void members(Map<String, JsonNode> sorted) {
        begin('o', sorted.size());
        sorted.forEach((name, member) -> {
            part('k', name);
            value(member);
        });
    }

    /** Kind and size come first, so that no two values have the same bytes. UTF-16 keeps all strings apart. */
    private void part(char kind, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_16BE);
        begin(kind, bytes.length);
        digest.update(bytes);
    }

    private void begin(char kind, int size) {
        digest.update(ByteBuffer.allocate(5).put((byte) kind).putInt(size).flip());
    }
}
