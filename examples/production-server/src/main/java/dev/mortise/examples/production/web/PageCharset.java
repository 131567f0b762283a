package dev.mortise.examples.production.web;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * In which characters a page is written, in the order of the HTML standard ("determining the character encoding"): its
 * byte order mark, what came with it over HTTP, what it says itself within its first 1024 bytes, and UTF-8.
 */
final class PageCharset {
    private static final int FIRST_BYTES = 1_024;
    private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?(-->|\\z)");
    private static final Pattern META = Pattern.compile("(?i)<meta\\s[^>]*?charset\\s*=\\s*[\"']?\\s*([^\\s\"'/>;]+)");

    private PageCharset() {}

    /** @param declared what HTTP says; empty if nothing */
    static String decoded(byte[] body, String declared, boolean html) {
        if (startsWith(body, 0xEF, 0xBB, 0xBF)) {
            return new String(body, 3, body.length - 3, StandardCharsets.UTF_8);
        }
        if (startsWith(body, 0xFE, 0xFF)) {
            return new String(body, 2, body.length - 2, StandardCharsets.UTF_16BE);
        }
        if (startsWith(body, 0xFF, 0xFE)) {
            return new String(body, 2, body.length - 2, StandardCharsets.UTF_16LE);
        }
        Charset charset = known(declared);
        if (charset == null && html) {
            charset = itsOwn(body);
        }
        return new String(body, charset == null ? StandardCharsets.UTF_8 : charset);
    }

    private static boolean startsWith(byte[] body, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= body.length || (body[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Charset itsOwn(byte[] body) {
        String head = new String(body, 0, Math.min(FIRST_BYTES, body.length), StandardCharsets.ISO_8859_1);
        Matcher meta = META.matcher(COMMENT.matcher(head).replaceAll(""));
        while (meta.find()) {
            Charset charset = known(meta.group(1));
            if (charset != null) {
                // Where this could be read byte by byte, it is not UTF-16.
                return charset.name().startsWith("UTF-16") ? StandardCharsets.UTF_8 : charset;
            }
        }
        return null;
    }

    private static @Nullable Charset known(String name) {
        // What pages call by these names is, as the Encoding standard has it, what contains them.
        String meant = switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "" -> "";
            case "gb2312", "gb_2312-80", "gbk", "x-gbk", "chinese" -> "GB18030";
            case "iso-8859-1", "iso8859-1", "latin1", "ascii", "us-ascii" -> "windows-1252";
            case "shift_jis", "shift-jis", "sjis", "x-sjis" -> "windows-31j";
            case "euc-kr", "ks_c_5601-1987" -> "x-windows-949";
            case "big5", "big5-hkscs", "x-x-big5" -> "Big5-HKSCS";
            case "utf8" -> "UTF-8";
            default -> name.strip();
        };
        try {
            // A Java without its module of further charsets may know the narrower one only.
            return meant.isEmpty() ? null : Charset.forName(Charset.isSupported(meant) ? meant : name.strip());
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return null;
        }
    }
}
