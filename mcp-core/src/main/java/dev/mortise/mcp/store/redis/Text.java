package dev.mortise.mcp.store.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Strings as Redis has them: UTF-8. */
final class Text {
    private Text() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<byte[]> all(String... texts) {
        return Arrays.stream(texts).map(Text::bytes).toList();
    }

    static String of(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static long number(byte[] bytes) {
        return Long.parseLong(of(bytes));
    }
}
