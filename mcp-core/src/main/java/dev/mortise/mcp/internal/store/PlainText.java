package dev.mortise.mcp.internal.store;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Any string as text that every store takes and gives back as it was. What PostgreSQL's text or UTF-8 cannot hold (NUL,
 * half a surrogate pair) is escaped as in JSON; everything else but the backslash stays as it is.
 */
public final class PlainText {
    private static final Pattern ESCAPED = Pattern.compile("\\\\(\\\\|u[0-9a-f]{4})");

    private PlainText() {}

    public static String encode(String text) {
        if (text.chars().noneMatch(c -> c == 0 || c == '\\' || Character.isSurrogate((char) c))) {
            return text;
        }
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (point == '\\') {
                encoded.append("\\\\");
            } else if (point == 0 || (point <= 0xffff && Character.isSurrogate((char) point))) {
                encoded.append("\\u").append(String.format("%04x", point));
            } else {
                encoded.appendCodePoint(point);
            }
        });
        return encoded.toString();
    }

    public static String decode(String encoded) {
        if (encoded.indexOf('\\') < 0) {
            return encoded;
        }
        return ESCAPED.matcher(encoded).replaceAll(found -> Matcher.quoteReplacement(character(found.group(1))));
    }

    private static String character(String escape) {
        return escape.equals("\\") ? escape : Character.toString((char) Integer.parseInt(escape.substring(1), 16));
    }
}
