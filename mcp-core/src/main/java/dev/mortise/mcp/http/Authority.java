package dev.mortise.mcp.http;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A host and perhaps a port, as the {@code Host} field carries them (RFC 9110 section 7.2).
 *
 * @param host in lower case; an IPv6 address stands in brackets
 */
record Authority(String host, OptionalInt port) {
    private static final int MAX_LENGTH = 300;
    private static final int MAX_PORT_DIGITS = 5;
    private static final int MAX_PORT = 65_535;

    static Optional<Authority> parse(String text) {
        int end = hostEnd(text);
        if (end <= 0 || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String host = text.substring(0, end).toLowerCase(Locale.ROOT);
        if (end == text.length()) {
            return Optional.of(new Authority(host, OptionalInt.empty()));
        }
        return port(text.substring(end + 1)).map(port -> new Authority(host, port));
    }

    /** Where the host ends: at the end, or at the colon before the port; −1 if this is no host. */
    private static int hostEnd(String text) {
        boolean bracketed = text.startsWith("[");
        int end = bracketed ? text.indexOf(']') + 1 : text.indexOf(':');
        if (bracketed && end == 0) {
            return -1;
        }
        if (end < 0) {
            end = text.length();
        }
        if (end < text.length() && text.charAt(end) != ':') {
            return -1;
        }
        for (int i = bracketed ? 1 : 0; i < (bracketed ? end - 1 : end); i++) {
            if (!(bracketed ? isAddressCharacter(text.charAt(i)) : isNameCharacter(text.charAt(i)))) {
                return -1;
            }
        }
        return end;
    }

    private static Optional<OptionalInt> port(String digits) {
        if (digits.isEmpty()) {
            return Optional.of(OptionalInt.empty());
        }
        if (digits.length() > MAX_PORT_DIGITS) {
            return Optional.empty();
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        int port = Integer.parseInt(digits);
        return port > MAX_PORT ? Optional.empty() : Optional.of(OptionalInt.of(port));
    }

    private static boolean isNameCharacter(char c) {
        return isAlphanumeric(c) || c == '-' || c == '.' || c == '_';
    }

    private static boolean isAddressCharacter(char c) {
        return isAlphanumeric(c) || c == ':' || c == '.';
    }

    static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
