package dev.mortise.security.auth;

import java.util.List;

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

    /**
     * A token within its field.
     *
     * @param scheme {@code bearer} or {@code dpop}
     * @param from where the token begins; it ends with the line
     */
    record Token(String scheme, String line, int from) implements AuthorizationField {
        /** Whether a character may be in a token: a request has hundreds to look at. */
        private static final boolean[] CHARACTERS = characters();

        private static boolean[] characters() {
            boolean[] allowed = new boolean[128];
            for (char c = 0; c < allowed.length; c++) {
                allowed[c] = isAlphanumeric(c) || "-._~+/".indexOf(c) >= 0;
            }
            return allowed;
        }

        int length() {
            return line.length() - from;
        }

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
        int end = space < 0 ? line.length() : space;
        String scheme = is(line, end, "bearer") ? "bearer" : is(line, end, "dpop") ? "dpop" : null;
        if (scheme == null) {
            return end == 0 || !line.substring(0, end).chars().allMatch(AuthorizationField::isTchar)
                    ? new Malformed("The Authorization field names no scheme", "malformed-authorization")
                    : new OtherScheme();
        }
        int start = end;
        while (start < line.length() && line.charAt(start) == ' ') {
            start++;
        }
        return isToken68(line, start)
                ? new Token(scheme, line, start)
                : new Malformed("After the scheme there is one space and one token", "malformed-authorization");
    }

    private static boolean is(String line, int end, String scheme) {
        return end == scheme.length() && line.regionMatches(true, 0, scheme, 0, end);
    }

    private static boolean isTchar(int c) {
        return isAlphanumeric(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    private static boolean isToken68(String text, int from) {
        int end = text.length();
        while (end > from && text.charAt(end - 1) == '=') {
            end--;
        }
        if (end == from) {
            return false;
        }
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (c >= Token.CHARACTERS.length || !Token.CHARACTERS[c]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
