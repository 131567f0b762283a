package dev.mortise.mcp.client.auth;

/**
 * What an identity provider gave when the user signed in to the client (enterprise-managed authorization, section 4).
 *
 * @param value the token itself, a secret
 * @param type its kind, as a token type of RFC 8693 section 3
 */
public record SubjectToken(String value, String type) {
    /** An ID token of OpenID Connect. */
    public static SubjectToken idToken(String value) {
        return new SubjectToken(value, "urn:ietf:params:oauth:token-type:id_token");
    }

    /** An assertion of SAML 2, in base64url as RFC 8693 has it. */
    public static SubjectToken saml2(String value) {
        return new SubjectToken(value, "urn:ietf:params:oauth:token-type:saml2");
    }

    @Override
    public String toString() {
        return "SubjectToken[" + type + "]";
    }
}
