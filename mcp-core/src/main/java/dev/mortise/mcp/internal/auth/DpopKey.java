package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.json.Json;
import java.math.BigInteger;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A key on P-256 that tokens are bound to, and the proofs that one has it (RFC 9449 section 4). */
final class DpopKey {
    static final String ALGORITHM = "ES256";
    private static final int COORDINATE_BYTES = 32;

    private final PrivateKey privateKey;
    private final String x;
    private final String y;

    private DpopKey(PrivateKey privateKey, String x, String y) {
        this.privateKey = privateKey;
        this.x = x;
        this.y = y;
    }

    static DpopKey create() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            ECPublicKey publicKey = (ECPublicKey) pair.getPublic();
            return new DpopKey(
                    pair.getPrivate(),
                    coordinate(publicKey.getW().getAffineX()),
                    coordinate(publicKey.getW().getAffineY()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java platform has no P-256", e);
        }
    }

    /** A key that was kept; empty if this is none. */
    static Optional<DpopKey> of(Document json) {
        Optional<String> key = json.text("key");
        Optional<String> x = json.text("x");
        Optional<String> y = json.text("y");
        if (key.isEmpty() || x.isEmpty() || y.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] encoded = Base64.getUrlDecoder().decode(key.get());
            PrivateKey privateKey = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            return Optional.of(new DpopKey(privateKey, x.get(), y.get()));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    ObjectNode json() {
        return Json.object()
                .put("key", Jwt.base64(privateKey.getEncoded()))
                .put("x", x)
                .put("y", y);
    }

    /** The hash by which servers know the key (RFC 7638 section 3): members in this order, without a space. */
    String thumbprint() {
        return Jwt.sha256("{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}");
    }

    /**
     * A proof for one request.
     *
     * @param token the access token that goes with it, if one does
     * @param nonce what the server wants in it
     */
    String proof(String method, URI target, @Nullable String token, Optional<String> nonce, Instant now)
            throws AuthorizationException {
        ObjectNode header = Json.object().put("typ", "dpop+jwt");
        header.putObject("jwk").put("kty", "EC").put("crv", "P-256").put("x", x).put("y", y);
        ObjectNode claims = Json.object()
                .put("jti", Jwt.random())
                .put("htm", method)
                .put("htu", Uris.withoutQuery(target).toString())
                .put("iat", now.getEpochSecond());
        if (token != null) {
            claims.put("ath", Jwt.sha256(token));
        }
        nonce.ifPresent(value -> claims.put("nonce", value));
        return Jwt.sign(LocalSigningKey.of(privateKey, Optional.empty()), header, claims);
    }

    private static String coordinate(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[COORDINATE_BYTES];
        int length = Math.min(bytes.length, COORDINATE_BYTES);
        System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE_BYTES - length, length);
        return Jwt.base64(fixed);
    }

    @Override
    public String toString() {
        return "DpopKey";
    }
}
