package dev.mortise.rag.document;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Tells UTF-16 without a byte order mark by what stands in every other byte. */
final class Utf16 {
    private static final int LOOKED_AT = 8192;

    private Utf16() {}

    /** Mostly ASCII: every other byte is zero. Such bytes are UTF-8 as well, full of U+0000. */
    static Optional<Charset> western(byte[] bytes) {
        return decide(bytes, (high, low) -> high == 0 && isAscii(low), 0.5);
    }

    /** Mostly Chinese: every other byte is one of the few that its characters begin with. */
    static Optional<Charset> chinese(byte[] bytes) {
        return decide(bytes, Utf16::isChinese, 0.9);
    }

    private interface Likely {
        boolean is(int high, int low);
    }

    private static Optional<Charset> decide(byte[] bytes, Likely likely, double share) {
        if (bytes.length < 2 || bytes.length % 2 != 0) {
            return Optional.empty();
        }
        int length = Math.min(bytes.length, LOOKED_AT) & ~1;
        int big = 0;
        int little = 0;
        for (int at = 0; at < length; at += 2) {
            int first = bytes[at] & 0xFF;
            int second = bytes[at + 1] & 0xFF;
            big += likely.is(first, second) ? 1 : 0;
            little += likely.is(second, first) ? 1 : 0;
        }
        double enough = share * length / 2;
        // Where both are as likely it is neither.
        if (big > enough && big > little * 1.3) {
            return Optional.of(StandardCharsets.UTF_16BE);
        }
        return little > enough && little > big * 1.3 ? Optional.of(StandardCharsets.UTF_16LE) : Optional.empty();
    }

    private static boolean isAscii(int value) {
        return (value >= 0x20 && value < 0x7F) || value == '\n' || value == '\r' || value == '\t';
    }

    /** Unified ideographs, punctuation, full-width forms, and ASCII in between. */
    private static boolean isChinese(int high, int low) {
        return (high >= 0x4E && high <= 0x9F)
                || high == 0x30
                || high == 0xFF
                || high == 0x20
                || (high == 0 && isAscii(low));
    }
}
