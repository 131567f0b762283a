package dev.mortise.security.auth;

/** The alphabet of scopes (RFC 6749 section 3.3). */
final class ScopeText {
    private ScopeText() {}

    static boolean isToken(String scope) {
        return !scope.isEmpty() && scope.chars().allMatch(c -> c > 0x20 && c < 0x7F && c != '"' && c != '\\');
    }
}
