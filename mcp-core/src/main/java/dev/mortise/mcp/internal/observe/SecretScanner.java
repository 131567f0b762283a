package dev.mortise.mcp.internal.observe;

import dev.mortise.mcp.observe.Redactor;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Goes once through a text, from left to right, and writes it down again without its secrets. No regular expressions:
 * text that somebody has made for it must not take longer than any other.
 */
public final class SecretScanner {
    private static final List<String> PREFIXES = List.of(
            "sk-",
            "sk_",
            "pk_",
            "rk_",
            "ghp_",
            "gho_",
            "ghu_",
            "ghs_",
            "ghr_",
            "github_pat_",
            "glpat-",
            "xox",
            "AKIA",
            "ASIA",
            "AIza",
            "ya29.",
            "whsec_",
            "npm_",
            "pypi-",
            "hf_",
            "SG.",
            "shpat_",
            "dop_v1_");
    private static final int SHORTEST_PREFIXED = 16;
    private static final int SHORTEST_JWT = 20;
    private static final int SHORTEST_MIXED = 32;
    private static final int SHORTEST_HEX = 40;
    private static final int SHORTEST_CREDENTIAL = 8;
    private static final int LONGEST_NAME = 64;

    private static final Set<String> SCHEMES = Set.of("bearer", "basic", "dpop");
    private static final Set<String> NAMES =
            Set.of("code", "key", "sig", "auth", "pin", "pwd", "pass", "jwt", "assertion", "saml");
    private static final List<String> PARTS = List.of(
            "password",
            "passwd",
            "passphrase",
            "secret",
            "token",
            "apikey",
            "accesskey",
            "privatekey",
            "signingkey",
            "authorization",
            "cookie",
            "credential",
            "signature",
            "sessionid");
    private static final String PEM_BEGIN = "-----BEGIN ";
    private static final String PEM_END = "-----END ";

    private final String text;
    private final StringBuilder out;
    private int at;

    /** The text without its secrets. Most texts are a single word, such as a name or an id, and no secret. */
    public static String redact(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isWord(text.charAt(i))) {
                return new SecretScanner(text).redacted();
            }
        }
        return text.length() > Redactor.MAX_LENGTH || isToken(text) ? new SecretScanner(text).redacted() : text;
    }

    private SecretScanner(String text) {
        this.text = bounded(text);
        this.out = new StringBuilder(this.text.length());
    }

    private String redacted() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '-' && text.startsWith(PEM_BEGIN, at)) {
                pem();
            } else if (isWord(c)) {
                word();
            } else if (c == ':' && text.startsWith("://", at)) {
                authority();
            } else {
                out.append(c);
                at++;
            }
        }
        return out.toString();
    }

    /** What is cut off must not leave half a secret that no longer looks like one. */
    private static String bounded(String text) {
        if (text.length() <= Redactor.MAX_LENGTH) {
            return text;
        }
        int end = Redactor.MAX_LENGTH;
        while (end > 0 && !Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + '…';
    }

    private void word() {
        int end = at;
        while (end < text.length() && isWord(text.charAt(end))) {
            end++;
        }
        String word = text.substring(at, end);
        at = end;
        if (isToken(word)) {
            out.append(Redactor.REDACTED);
            return;
        }
        out.append(word);
        if (word.length() > LONGEST_NAME) {
            return;
        }
        String name = word.toLowerCase(Locale.ROOT);
        if (SCHEMES.contains(name)) {
            credential();
        } else if (isSecretName(name)) {
            value(name);
        }
    }

    /** What follows the name of an authentication scheme. */
    private void credential() {
        int begin = at;
        while (begin < text.length() && (text.charAt(begin) == ' ' || text.charAt(begin) == '\t')) {
            begin++;
        }
        int end = begin;
        while (end < text.length() && !endsValue(text.charAt(end))) {
            end++;
        }
        if (begin > at && end - begin >= SHORTEST_CREDENTIAL) {
            out.append(text, at, begin).append(Redactor.REDACTED);
            at = end;
        }
    }

    /** What follows the name of a secret: in a query, a header, JSON, a property. */
    private void value(String name) {
        int begin = skipQuote(at);
        begin = skipBlanks(begin);
        int separator = separator(begin);
        if (separator == 0) {
            return;
        }
        begin = skipBlanks(begin + separator);
        int end;
        if (begin < text.length() && isQuote(text.charAt(begin))) {
            char quote = text.charAt(begin++);
            end = endOfQuoted(begin, quote);
        } else if (name.contains("authorization") || name.contains("cookie")) {
            end = endOfLine(begin);
        } else {
            end = begin;
            while (end < text.length() && !endsValue(text.charAt(end))) {
                end++;
            }
        }
        if (end > begin) {
            out.append(text, at, begin).append(Redactor.REDACTED);
            at = end;
        }
    }

    /** The length of what stands between a name and its value; 0 if it is no such thing. */
    private int separator(int index) {
        if (index >= text.length()) {
            return 0;
        }
        char c = text.charAt(index);
        if (c == '=' || c == ':') {
            return 1;
        }
        return text.regionMatches(true, index, "%3d", 0, 3) || text.regionMatches(true, index, "%3a", 0, 3) ? 3 : 0;
    }

    private int endOfQuoted(int from, char quote) {
        int end = from;
        while (end < text.length() && text.charAt(end) != quote) {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(end, text.length());
    }

    private int endOfLine(int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) != '\n' && !isQuote(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private int skipQuote(int index) {
        int next = index < text.length() && text.charAt(index) == '\\' ? index + 1 : index;
        return next < text.length() && isQuote(text.charAt(next)) ? next + 1 : index;
    }

    private int skipBlanks(int index) {
        int next = index;
        while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == '\t')) {
            next++;
        }
        return next;
    }

    /** User and password before the host of a URL. */
    private void authority() {
        out.append("://");
        at += 3;
        int last = -1;
        for (int i = at; i < text.length() && "/?#\"'<> \t\r\n".indexOf(text.charAt(i)) < 0; i++) {
            if (text.charAt(i) == '@') {
                last = i;
            }
        }
        if (last >= 0) {
            out.append(Redactor.REDACTED);
            at = last;
        }
    }

    private void pem() {
        int label = text.indexOf("-----", at + PEM_BEGIN.length());
        if (label < 0 || label - at > LONGEST_NAME || !text.substring(at, label).contains("PRIVATE KEY")) {
            out.append(PEM_BEGIN);
            at += PEM_BEGIN.length();
            return;
        }
        out.append(Redactor.REDACTED);
        int end = text.indexOf(PEM_END, label);
        int close = end < 0 ? -1 : text.indexOf("-----", end + PEM_END.length());
        at = close < 0 ? text.length() : close + 5;
    }

    private static boolean isSecretName(String name) {
        String plain = name.replace("_", "").replace("-", "").replace(".", "");
        if (plain.endsWith("tokens") || plain.endsWith("tokentype")) {
            return false;
        }
        return NAMES.contains(name) || PARTS.stream().anyMatch(plain::contains);
    }

    private static boolean isToken(String word) {
        if (word.length() < SHORTEST_PREFIXED) {
            return false;
        }
        for (String prefix : PREFIXES) {
            if (word.startsWith(prefix)) {
                return true;
            }
        }
        return (word.length() >= SHORTEST_JWT && word.startsWith("eyJ")) || hasLongRun(word);
    }

    /** A stretch without dots that is too long and too mixed for a word. */
    private static boolean hasLongRun(String word) {
        int begin = 0;
        for (int i = 0; i <= word.length(); i++) {
            if (i == word.length() || word.charAt(i) == '.') {
                if (isMixed(word, begin, i)) {
                    return true;
                }
                begin = i + 1;
            }
        }
        return false;
    }

    private static boolean isMixed(String word, int from, int to) {
        boolean digit = false;
        boolean small = false;
        boolean capital = false;
        boolean hex = true;
        for (int i = from; i < to; i++) {
            char c = word.charAt(i);
            digit |= c >= '0' && c <= '9';
            small |= c >= 'a' && c <= 'z';
            capital |= c >= 'A' && c <= 'Z';
            hex &= Character.digit(c, 16) >= 0;
        }
        int length = to - from;
        return (length >= SHORTEST_MIXED && digit && small && capital) || (length >= SHORTEST_HEX && hex && digit);
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '-'
                || c == '.'
                || c == '+'
                || c == '~';
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    private static boolean endsValue(char c) {
        return c <= ' ' || "&;,\"'<>)}".indexOf(c) >= 0;
    }
}
