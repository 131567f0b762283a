package dev.mortise.security.token;

import dev.mortise.mcp.call.Attribute;

/**
 * The token that a caller came with, for {@link TokenExchange} alone: nobody outside this package can read it, so that
 * no tool sends it anywhere else (Access Token Privilege Restriction).
 */
final class SubjectToken {
    static final Attribute<SubjectToken> ATTRIBUTE =
            Attribute.of("dev.mortise.security.token.subject", SubjectToken.class);

    private final String value;

    SubjectToken(String value) {
        this.value = value;
    }

    String value() {
        return value;
    }

    @Override
    public String toString() {
        return "token";
    }
}
