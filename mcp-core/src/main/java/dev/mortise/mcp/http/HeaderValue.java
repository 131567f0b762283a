package dev.mortise.mcp.http;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * How {@code Mcp-Name} and {@code Mcp-Param-*} carry any text in an HTTP header: plainly where it is visible ASCII with
 * inner spaces and tabs, else as {@code =?base64?…?=} around its UTF-8 bytes (specification, Streamable HTTP: Value
 * Encoding). Thread-safe.
 */
public final class HeaderValue {
    private static final String PREFIX = "=?base64?";
    private static final String SUFFIX = "?=";

    private HeaderValue() {}

    /**
     * Writes text as a header value.
     *
     * @throws IllegalArgumentException if the text holds half a surrogate pair, which no encoding can carry
     */
    public static String encode(String text) {
        if (isPlain(text) && !isMarked(text)) {
            return text;
        }
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] utf8 = new byte[bytes.remaining()];
            bytes.get(utf8);
            return PREFIX + Base64.getEncoder().encodeToString(utf8) + SUFFIX;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("The text is not valid Unicode", e);
        }
    }

    /**
     * Reads a header value, without the whitespace around it that HTTP drops. Strict, so that no two readers see
     * different text: padded canonical Base64, valid UTF-8, and nothing but the allowed characters.
     *
     * @return the text; empty if the value is malformed
     */
    public static Optional<String> decode(String value) {
        if (!isPlain(value)) {
            return Optional.empty();
        }
        return isMarked(value) ? decodeMarked(value) : Optional.of(value);
    }

    private static Optional<String> decodeMarked(String value) {
        if (value.length() < PREFIX.length() + SUFFIX.length()) {
            return Optional.empty();
        }
        String base64 = value.substring(PREFIX.length(), value.length() - SUFFIX.length());
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (!Base64.getEncoder().encodeToString(bytes).equals(base64)) {
                return Optional.empty();
            }
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Plain text in the encoded form's shape is encoded too; else it would be read back as something else. */
    private static boolean isMarked(String text) {
        return text.startsWith(PREFIX) && text.endsWith(SUFFIX);
    }

    /** Without the optional white space around it (RFC 9110 section 5.5). */
    static String trim(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && isBlank(value.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(start, end);
    }

    /** Whether a trimmed value can stand in a header as it is. */
    static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean atAnEdge = i == 0 || i == text.length() - 1;
            if (isBlank(c) ? atAnEdge : c < 0x21 || c > 0x7E) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
