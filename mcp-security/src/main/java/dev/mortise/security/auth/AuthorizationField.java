package dev.mortise.security.auth;

import java.util.List;
import java.util.Locale;

/**
 * The {@code Authorization} field of a request: one line, one scheme, one space, one token (RFC 9110 section 11.6.2,
 * RFC 6750 section 2.1). Whatever else is in a request, such as a parameter of its query, is no credential.
 */
sealed interface AuthorizationField {
    /** There is none. */
    record Absent() implements AuthorizationField {}

    /** There is one of a scheme that is not for tokens. */
    record OtherScheme() implements AuthorizationField {}

    /** There is one, or there are several, and nobody can tell what they mean. */
    record Malformed(String description, String reason) implements AuthorizationField {}

    /** @param scheme {@code bearer} or {@code dpop} */
    record Token(String scheme, String token) implements AuthorizationField {
        @Override
        public String toString() {
            return scheme + " …";
        }
    }

    static AuthorizationField read(List<String> lines) {
        if (lines.isEmpty()) {
            return new Absent();
        }
        if (lines.size() > 1) {
            return new Malformed("A request has one Authorization field", "several-authorization-fields");
        }
        String line = lines.getFirst().strip();
        int space = line.indexOf(' ');
        String scheme = (space < 0 ? line : line.substring(0, space)).toLowerCase(Locale.ROOT);
        if (!scheme.equals("bearer") && !scheme.equals("dpop")) {
            return scheme.isEmpty() || !scheme.chars().allMatch(AuthorizationField::isTchar)
                    ? new Malformed("The Authorization field names no scheme", "malformed-authorization")
                    : new OtherScheme();
        }
        int start = space < 0 ? line.length() : space;
        while (start < line.length() && line.charAt(start) == ' ') {
            start++;
        }
        String token = line.substring(start);
        return isToken68(token)
                ? new Token(scheme, token)
                : new Malformed("After the scheme there is one space and one token", "malformed-authorization");
    }

    private static boolean isTchar(int c) {
        return isAlphanumeric(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    private static boolean isToken68(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '=') {
            end--;
        }
        if (end == 0) {
            return false;
        }
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (!isAlphanumeric(c) && "-._~+/".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
