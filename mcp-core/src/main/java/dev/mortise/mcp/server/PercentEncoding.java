package dev.mortise.mcp.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** Percent-encoding of URIs (RFC 3986, section 2.1), over strict UTF-8. */
final class PercentEncoding {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PercentEncoding() {}

    /**
     * Encodes all but unreserved characters; with {@code keepReserved} keeps the reserved ones, and what is
     * percent-encoded already.
     *
     * @throws IllegalArgumentException if the text holds half a surrogate pair
     */
    static String encode(String text, boolean keepReserved) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int end = end(text, i, keepReserved);
            if (end - i == 1 || (end > i && keepReserved)) {
                encoded.append(text, i, end);
                i = end;
            } else {
                int character = text.codePointAt(i);
                if (Character.getType(character) == Character.SURROGATE) {
                    throw new IllegalArgumentException("The text is not valid Unicode, at character " + i);
                }
                for (byte b : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
                    HEX.toHexDigits(encoded.append('%'), b);
                }
                i += Character.charCount(character);
            }
        }
        return encoded.toString();
    }

    /** Decodes text in which every {@code %} starts an encoded byte; empty if the bytes are not UTF-8. */
    static Optional<String> decode(String text) {
        if (text.indexOf('%') < 0) {
            return Optional.of(text);
        }
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                bytes.put((byte) HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                bytes.put((byte) text.charAt(i));
            }
        }
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /**
     * Where the character at an index ends, an encoded byte counting as one.
     *
     * @return the end; the index itself if no character of a value is there
     */
    static int end(String text, int index, boolean reserved) {
        char c = text.charAt(index);
        if (isUnreserved(c) || (reserved && isReserved(c))) {
            return index + 1;
        }
        boolean encoded = c == '%'
                && index + 2 < text.length()
                && HexFormat.isHexDigit(text.charAt(index + 1))
                && HexFormat.isHexDigit(text.charAt(index + 2));
        return encoded ? index + 3 : index;
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    private static boolean isReserved(char c) {
        return ":/?#[]@!$&'()*+,;=".indexOf(c) >= 0;
    }
}
