package dev.mortise.security.auth;

import dev.mortise.security.internal.jose.CompactJwt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a token is bound to (RFC 7800 section 3.1). Immutable.
 *
 * @param jwkThumbprint of the key that proofs are signed with (RFC 9449 section 6.1)
 * @param certificateThumbprint of the certificate of the TLS connection (RFC 8705 section 3.1)
 * @param understood whether that is all: a token that is bound to something else is good for nobody here
 */
public record Confirmation(
        @Nullable String jwkThumbprint, @Nullable String certificateThumbprint, boolean understood) {
    public static final Confirmation NONE = new Confirmation(null, null, true);

    /** @param claims of a token, or the answer about one */
    public static Confirmation of(JsonNode claims) {
        JsonNode cnf = claims.get("cnf");
        if (cnf == null || cnf.isNull()) {
            return NONE;
        }
        String key = CompactJwt.text(cnf, "jkt").orElse(null);
        String certificate = CompactJwt.text(cnf, "x5t#S256").orElse(null);
        int known = (key == null ? 0 : 1) + (certificate == null ? 0 : 1);
        return new Confirmation(key, certificate, cnf.isObject() && known > 0 && known == cnf.size());
    }

    public boolean isNone() {
        return jwkThumbprint == null && certificateThumbprint == null && understood;
    }
}
