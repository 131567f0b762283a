package dev.mortise.security.internal.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The one form in which JSON is hashed and signed here, close to RFC 8785: members sorted by the UTF-16 units of their
 * names, no white space, the shortest escapes, UTF-8.
 *
 * <p>It differs from the RFC where that would lose something: a number is its own decimal digits and not those of a
 * double. Whole numbers of up to 15 digits stand as they are, others as {@code 15e-1}, without zeros at the end of the
 * digits: 2^53 and 2^53 + 1 are different arguments. Half a surrogate pair, which has no UTF-8, is escaped: replaced, it
 * would be the same as any other half. So two values have one form only if they are the same value.
 */
public final class CanonicalJson {
    private static final int PLAIN_DIGITS = 15;
    private static final long MOST_PLAIN = 1_000_000_000_000_000L;

    private final StringBuilder out = new StringBuilder(512);

    private CanonicalJson() {}

    /** @param value a string, a whole number, a boolean, or a map or list of these */
    public static String of(Object value) {
        CanonicalJson json = new CanonicalJson();
        json.value(value);
        return json.out.toString();
    }

    public static String of(JsonNode value) {
        CanonicalJson json = new CanonicalJson();
        json.node(value);
        return json.out.toString();
    }

    /** SHA-256 of the form in UTF-8, in hexadecimal. */
    public static String digest(JsonNode value) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(of(value).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private void value(Object value) {
        switch (value) {
            case String text -> string(text);
            case Boolean bool -> out.append(bool.booleanValue());
            case Long number -> number(number);
            case Integer number -> out.append(number.intValue());
            case List<?> list -> {
                out.append('[');
                String comma = "";
                for (Object element : list) {
                    out.append(comma);
                    value(element);
                    comma = ",";
                }
                out.append(']');
            }
            case Map<?, ?> map -> {
                out.append('{');
                String comma = "";
                for (Map.Entry<?, ?> member : new TreeMap<>(map).entrySet()) {
                    out.append(comma);
                    string((String) member.getKey());
                    out.append(':');
                    value(member.getValue());
                    comma = ",";
                }
                out.append('}');
            }
            default ->
                throw new IllegalArgumentException(
                        "Not hashed: " + value.getClass().getName());
        }
    }

    private void node(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                out.append('{');
                String comma = "";
                Map<String, JsonNode> sorted = new TreeMap<>();
                node.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
                for (Map.Entry<String, JsonNode> member : sorted.entrySet()) {
                    out.append(comma);
                    string(member.getKey());
                    out.append(':');
                    node(member.getValue());
                    comma = ",";
                }
                out.append('}');
            }
            case ARRAY -> {
                out.append('[');
                String comma = "";
                for (JsonNode element : node.values()) {
                    out.append(comma);
                    node(element);
                    comma = ",";
                }
                out.append(']');
            }
            case STRING -> string(node.stringValue());
            case NUMBER -> number(node.decimalValue());
            case BOOLEAN -> out.append(node.booleanValue());
            case NULL, MISSING -> out.append("null");
            case BINARY, POJO -> throw new IllegalArgumentException("Not JSON: " + node.getNodeType());
        }
    }

    private void number(long number) {
        if (-MOST_PLAIN < number && number < MOST_PLAIN) {
            out.append(number);
        } else {
            number(BigDecimal.valueOf(number));
        }
    }

    private void number(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        // Never as plain digits without looking: 1e999999999 would be a gigabyte of them.
        if (stripped.scale() <= 0 && (long) stripped.precision() - stripped.scale() <= PLAIN_DIGITS) {
            out.append(stripped.toBigInteger());
        } else {
            out.append(stripped.unscaledValue()).append('e').append(-(long) stripped.scale());
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < 0x20) {
                        escape(c);
                    } else if (!Character.isSurrogate(c)) {
                        out.append(c);
                    } else if (Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        out.append(c).append(text.charAt(++i));
                    } else {
                        escape(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private void escape(char c) {
        out.append("\\u").append(HexFormat.of().toHexDigits(c));
    }
}
