package dev.mortise.security.internal.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Writes the canonical form as UTF-8 into a buffer that it keeps, so that whoever writes much makes no garbage. See {@link
 * CanonicalJson} for the form. Not thread-safe.
 */
public final class CanonicalWriter {
    private static final int PLAIN_DIGITS = 15;
    private static final long MOST_PLAIN = 1_000_000_000_000_000L;
    private static final int SMALL = 1024;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    /** Whether a character stands in a string as it is, in one byte. */
    private static final boolean[] PLAIN = plain();

    private final int usual;
    private byte[] buffer;
    private int length;

    private static boolean[] plain() {
        boolean[] plain = new boolean[0x7F];
        for (char c = 0x20; c < plain.length; c++) {
            plain[c] = c != '"' && c != '\\';
        }
        return plain;
    }

    public CanonicalWriter() {
        this(SMALL);
    }

    /** @param usual how many bytes it mostly comes to */
    public CanonicalWriter(int usual) {
        this.usual = usual;
        this.buffer = new byte[usual];
    }

    /** Begins anew. What was big enough for an unusual text is not kept for the others. */
    public void clear() {
        length = 0;
        if (buffer.length > 16 * usual) {
            buffer = new byte[usual];
        }
    }

    public int length() {
        return length;
    }

    /** Adds what was written from some point on to a digest. */
    public void digest(MessageDigest digest, int from) {
        digest.update(buffer, from, length - from);
    }

    public byte[] bytes(int from) {
        return Arrays.copyOfRange(buffer, from, length);
    }

    /** Fills an array with what was written from some point on. */
    public void copy(int from, byte[] to) {
        System.arraycopy(buffer, from, to, 0, to.length);
    }

    /** All of it, as a string. */
    public String text() {
        return new String(buffer, 0, length, StandardCharsets.UTF_8);
    }

    private void room(int more) {
        if (buffer.length - length < more) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, Math.addExact(length, more)));
        }
    }

    /** As it is: punctuation and names that need no escape. */
    public void raw(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
    }

    /** As it is: ASCII that needs no escape. */
    public void raw(String ascii) {
        int count = ascii.length();
        room(count);
        byte[] to = buffer;
        int at = length;
        for (int i = 0; i < count; i++) {
            to[at++] = (byte) ascii.charAt(i);
        }
        length = at;
    }

    public void raw(char ascii) {
        room(1);
        buffer[length++] = (byte) ascii;
    }

    /** In lower-case hexadecimal digits. */
    public void hex(byte[] bytes) {
        room(2 * bytes.length);
        byte[] to = buffer;
        int at = length;
        for (byte b : bytes) {
            to[at++] = HEX[(b >> 4) & 0xF];
            to[at++] = HEX[b & 0xF];
        }
        length = at;
    }

    /** In place of digits that were written for it before. */
    public void hexAt(int at, byte[] bytes) {
        int end = length;
        length = at;
        hex(bytes);
        length = end;
    }

    /** A number of up to 15 digits, which stands as it is, or any other. */
    public void number(long number) {
        if (-MOST_PLAIN < number && number < MOST_PLAIN) {
            plainDigits(number);
        } else {
            number(BigDecimal.valueOf(number));
        }
    }

    private void plainDigits(long number) {
        if (number < 0) {
            raw('-');
        }
        long left = Math.abs(number);
        int count = 1;
        for (long bound = 10; left >= bound; bound *= 10) {
            count++;
        }
        room(count);
        for (int at = length + count - 1; at >= length; at--) {
            buffer[at] = (byte) ('0' + left % 10);
            left /= 10;
        }
        length += count;
    }

    private void number(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        // Never as plain digits without looking: 1e999999999 would be a gigabyte of them.
        if (stripped.scale() <= 0 && (long) stripped.precision() - stripped.scale() <= PLAIN_DIGITS) {
            raw(stripped.toBigInteger().toString());
        } else {
            raw(stripped.unscaledValue().toString());
            raw('e');
            raw(Long.toString(-(long) stripped.scale()));
        }
    }

    /** @param value a string, a whole number, a boolean, or a map or list of these */
    public void value(Object value) {
        switch (value) {
            case String text -> string(text);
            case Boolean bool -> raw(bool.toString());
            case Long number -> number(number);
            case Integer number -> number(number.longValue());
            case List<?> list -> {
                char before = '[';
                for (Object element : list) {
                    raw(before);
                    value(element);
                    before = ',';
                }
                end(before, '[', ']');
            }
            case Map<?, ?> map -> {
                char before = '{';
                for (Map.Entry<?, ?> member : new TreeMap<>(map).entrySet()) {
                    raw(before);
                    string((String) member.getKey());
                    raw(':');
                    value(member.getValue());
                    before = ',';
                }
                end(before, '{', '}');
            }
            default ->
                throw new IllegalArgumentException(
                        "Not hashed: " + value.getClass().getName());
        }
    }

    private void end(char before, char opening, char closing) {
        if (before == opening) {
            raw(opening);
        }
        raw(closing);
    }

    public void node(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                char before = '{';
                for (Map.Entry<String, JsonNode> member : sorted(node)) {
                    raw(before);
                    string(member.getKey());
                    raw(':');
                    node(member.getValue());
                    before = ',';
                }
                end(before, '{', '}');
            }
            case ARRAY -> {
                char before = '[';
                for (JsonNode element : node.values()) {
                    raw(before);
                    node(element);
                    before = ',';
                }
                end(before, '[', ']');
            }
            case STRING -> string(node.stringValue());
            case NUMBER -> {
                if (node.isInt() || node.isLong()) {
                    number(node.longValue());
                } else {
                    number(node.decimalValue());
                }
            }
            case BOOLEAN -> raw(node.booleanValue() ? "true" : "false");
            case NULL, MISSING -> raw("null");
            case BINARY, POJO -> throw new IllegalArgumentException("Not JSON: " + node.getNodeType());
        }
    }

    /** Often they are sorted already. */
    private static Iterable<Map.Entry<String, JsonNode>> sorted(JsonNode object) {
        String last = null;
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (last != null && last.compareTo(member.getKey()) > 0) {
                List<Map.Entry<String, JsonNode>> sorted = new ArrayList<>(object.properties());
                sorted.sort(Map.Entry.comparingByKey());
                return sorted;
            }
            last = member.getKey();
        }
        return object.properties();
    }

    /**
     * With quotes, if all of it is ASCII that needs no escape, as most texts are.
     *
     * @return whether it was written; if not, nothing was
     */
    public boolean plain(String text) {
        int count = text.length();
        room(Math.addExact(count, 2));
        byte[] to = buffer;
        int at = length;
        to[at++] = '"';
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c >= PLAIN.length || !PLAIN[c]) {
                return false;
            }
            to[at++] = (byte) c;
        }
        to[at++] = '"';
        length = at;
        return true;
    }

    /** With quotes, and escaped as far as it has to be. */
    public void string(String text) {
        int count = text.length();
        // Three bytes are the most that one char comes to, if it is not escaped.
        room(Math.addExact(Math.multiplyExact(3, count), 2));
        buffer[length++] = '"';
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
                buffer[length++] = (byte) c;
            } else if (c < 0x80) {
                escape(c, count - i);
            } else if (c < 0x800) {
                buffer[length++] = (byte) (0xC0 | (c >> 6));
                buffer[length++] = (byte) (0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                buffer[length++] = (byte) (0xE0 | (c >> 12));
                buffer[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                buffer[length++] = (byte) (0x80 | (c & 0x3F));
            } else if (Character.isHighSurrogate(c) && i + 1 < count && Character.isLowSurrogate(text.charAt(i + 1))) {
                int point = Character.toCodePoint(c, text.charAt(++i));
                buffer[length++] = (byte) (0xF0 | (point >> 18));
                buffer[length++] = (byte) (0x80 | ((point >> 12) & 0x3F));
                buffer[length++] = (byte) (0x80 | ((point >> 6) & 0x3F));
                buffer[length++] = (byte) (0x80 | (point & 0x3F));
            } else {
                unicode(c, count - i);
            }
        }
        buffer[length++] = '"';
    }

    private void escape(char c, int left) {
        switch (c) {
            case '"', '\\' -> two(c, left);
            case '\b' -> two('b', left);
            case '\t' -> two('t', left);
            case '\n' -> two('n', left);
            case '\f' -> two('f', left);
            case '\r' -> two('r', left);
            // DEL is ASCII, and needs no escape.
            case 0x7F -> buffer[length++] = 0x7F;
            default -> unicode(c, left);
        }
    }

    private void two(char c, int left) {
        room(2 + 3 * left + 2);
        buffer[length++] = '\\';
        buffer[length++] = (byte) c;
    }

    private void unicode(char c, int left) {
        room(6 + 3 * left + 2);
        buffer[length++] = '\\';
        buffer[length++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            buffer[length++] = HEX[(c >> shift) & 0xF];
        }
    }
}
