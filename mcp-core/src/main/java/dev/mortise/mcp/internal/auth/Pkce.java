package dev.mortise.mcp.internal.auth;

/** A secret that ties a token request to the authorization request before it (RFC 7636). */
record Pkce(String verifier) {
    /** The one method that hides the verifier. */
    static final String METHOD = "S256";

    static Pkce create() {
        return new Pkce(Jwt.random());
    }

    String challenge() {
        return Jwt.sha256(verifier);
    }

    @Override
    public String toString() {
        return "Pkce";
    }
}
