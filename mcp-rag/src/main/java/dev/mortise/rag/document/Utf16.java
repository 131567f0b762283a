package dev.mortise.rag.document;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** UTF-16 without a byte order mark shows by its spaces and line ends: every other byte of them is zero. */
final class Utf16 {
    private static final int LOOKED_AT = 8192;

    private Utf16() {}

    static Optional<Charset> byteOrder(byte[] bytes) {
        if (bytes.length < 2 || bytes.length % 2 != 0) {
            return Optional.empty();
        }
        int length = Math.min(bytes.length, LOOKED_AT) & ~1;
        int big = 0;
        int little = 0;
        int common = 0;
        for (int at = 0; at < length; at += 2) {
            big += bytes[at] == 0 && isAscii(bytes[at + 1]) ? 1 : 0;
            little += bytes[at + 1] == 0 && isAscii(bytes[at]) ? 1 : 0;
            common += isHan(bytes[at]) ? 1 : 0;
            common -= isHan(bytes[at + 1]) ? 1 : 0;
        }
        int pairs = length / 2;
        // Mostly ASCII; or Chinese, of which the first byte of each pair tells, with some ASCII in between.
        if (big > little && (big * 2 > pairs || (big > 0 && little == 0 && common * 2 > pairs))) {
            return Optional.of(StandardCharsets.UTF_16BE);
        }
        if (little > big && (little * 2 > pairs || (little > 0 && big == 0 && -common * 2 > pairs))) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        return Optional.empty();
    }

    private static boolean isAscii(byte value) {
        return (value >= 0x20 && value < 0x7F) || value == '\n' || value == '\r' || value == '\t';
    }

    /** The first byte of a character from U+4E00 to U+9FFF. */
    private static boolean isHan(byte first) {
        int value = first & 0xFF;
        return value >= 0x4E && value <= 0x9F;
    }
}
