package dev.mortise.security.internal.jose;

import dev.mortise.mcp.json.Json;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A JWT in compact serialization, taken apart and not yet verified (RFC 7519 section 7.2, RFC 8725 section 3). Header
 * and claims are JSON objects without duplicate members, in base64url without padding.
 *
 * @param text as it was presented; a secret where it is an access token
 */
public record CompactJwt(String text, JsonNode header, JsonNode claims) {
    private static final int MAX_ID = 128;
    private static final double LATEST = 253_402_300_799d;

    /** The parts of it, if it is one. */
    public static Optional<CompactJwt> parse(String text) {
        int first = text.indexOf('.');
        int second = first < 0 ? -1 : text.indexOf('.', first + 1);
        if (second < 0 || text.indexOf('.', second + 1) >= 0 || !isBase64Url(text, second + 1, text.length())) {
            return Optional.empty();
        }
        Optional<JsonNode> header = object(text, 0, first);
        if (header.isEmpty()) {
            return Optional.empty();
        }
        return object(text, first + 1, second).map(claims -> new CompactJwt(text, header.get(), claims));
    }

    /** Whether a credential means to be a JWT: three parts, of which the first is a JSON object with an algorithm. */
    public static boolean looksLikeOne(String text) {
        int first = text.indexOf('.');
        return first > 0
                && text.chars().filter(c -> c == '.').count() == 2
                && object(text, 0, first).map(header -> header.has("alg")).orElse(true)
                && text.startsWith("ey");
    }

    private static Optional<JsonNode> object(String text, int from, int to) {
        if (to <= from || !isBase64Url(text, from, to)) {
            return Optional.empty();
        }
        try {
            JsonNode node = Json.read(Base64.getUrlDecoder().decode(text.substring(from, to)));
            return node.isObject() ? Optional.of(node) : Optional.empty();
        } catch (Json.InvalidJson | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isBase64Url(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_') {
                return false;
            }
        }
        return true;
    }

    /** A string of an object; empty where it is missing, empty or of another type. */
    public static Optional<String> text(JsonNode object, String name) {
        JsonNode node = object.get(name);
        return node != null && node.isString() && !node.stringValue().isEmpty()
                ? Optional.of(node.stringValue())
                : Optional.empty();
    }

    /** What a token calls itself, where that can be looked up, logged and typed in: 1 to 128 visible ASCII characters. */
    public static Optional<String> id(JsonNode claims) {
        return text(claims, "jti")
                .filter(id -> id.length() <= MAX_ID && id.chars().allMatch(c -> c > 0x20 && c < 0x7F));
    }

    /** The time of a claim (RFC 7519 section 2: NumericDate); empty where it is missing, or is none. */
    public static Optional<Instant> time(JsonNode claims, String name) {
        OptionalDouble seconds = seconds(claims.get(name));
        return seconds.isEmpty()
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli((long) Math.floor(seconds.getAsDouble() * 1000)));
    }

    private static OptionalDouble seconds(@org.jspecify.annotations.Nullable JsonNode node) {
        if (node == null || !node.isNumber()) {
            return OptionalDouble.empty();
        }
        double value = node.isIntegralNumber() && !node.canConvertToLong() ? Double.NaN : node.asDouble(Double.NaN);
        return value >= 0 && value <= LATEST ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** A string or the strings of an array (RFC 7519 section 4.1.3); empty if anything in it is something else. */
    public static Set<String> texts(@org.jspecify.annotations.Nullable JsonNode node) {
        if (node == null) {
            return Set.of();
        }
        if (node.isString()) {
            return Set.of(node.stringValue());
        }
        Set<String> texts = new LinkedHashSet<>();
        if (node.isArray()) {
            for (JsonNode each : node) {
                if (!each.isString()) {
                    return Set.of();
                }
                texts.add(each.stringValue());
            }
        }
        return texts;
    }

    /**
     * What the signature is over. It tells a token apart from others; the whole text does not, because a signature can be
     * written in more than one way.
     */
    public String signed() {
        return text.substring(0, text.lastIndexOf('.'));
    }

    /** Never the text. */
    @Override
    public String toString() {
        return "JWT with the header " + header;
    }
}
