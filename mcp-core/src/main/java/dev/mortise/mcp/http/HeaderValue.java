package dev.mortise.mcp.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Text in a header value: plain, or in the Base64 sentinel form (Streamable HTTP: Value Encoding). */
final class HeaderValue {
    private static final String PREFIX = "=?base64?";
    private static final String SUFFIX = "?=";

    private HeaderValue() {}

    /** Whether the value holds only visible ASCII, spaces and tabs. */
    static boolean isPlain(String value) {
        return value.chars().allMatch(c -> (c >= ' ' && c <= '~') || c == '\t');
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

    /** The text that a trimmed value stands for; empty where it is not well-formed. */
    static Optional<String> decode(String value) {
        if (!isPlain(value)) {
            return Optional.empty();
        }
        if (!value.startsWith(PREFIX)
                || !value.endsWith(SUFFIX)
                || value.length() < PREFIX.length() + SUFFIX.length()) {
            return Optional.of(value);
        }
        return decodeBase64(value.substring(PREFIX.length(), value.length() - SUFFIX.length()));
    }

    private static Optional<String> decodeBase64(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            // The decoder forgives missing padding and stray bits; two readers might then read two values.
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

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
