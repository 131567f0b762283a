package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.client.auth.SigningKey;
import dev.mortise.mcp.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import tools.jackson.databind.node.ObjectNode;

/** Signs JSON Web Tokens (RFC 7519, RFC 7515 section 3.1). Nothing here reads one: that is the server's affair. */
final class Jwt {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final SecureRandom RANDOM = new SecureRandom();

    private Jwt() {}

    /** @param header more members of the header than {@code alg} and {@code kid} */
    static String sign(SigningKey key, ObjectNode header, ObjectNode claims) throws AuthorizationException {
        ObjectNode full = header.deepCopy().put("alg", key.algorithm());
        key.keyId().ifPresent(id -> full.put("kid", id));
        String content = base64(Json.write(full)) + "." + base64(Json.write(claims));
        try {
            return content + "." + base64(key.sign(content.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new AuthorizationException(Reason.UNSUPPORTED, "The signing key did not sign a token", e);
        }
    }

    static String base64(byte[] bytes) {
        return BASE64URL.encodeToString(bytes);
    }

    /** The hash of a text, as PKCE, {@code ath} and thumbprints have it. */
    static String sha256(String ascii) {
        try {
            return base64(MessageDigest.getInstance("SHA-256").digest(ascii.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** 256 random bits: a verifier, a state or the id of a token. */
    static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return base64(bytes);
    }
}
