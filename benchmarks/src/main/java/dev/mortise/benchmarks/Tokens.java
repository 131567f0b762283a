package dev.mortise.benchmarks;

import dev.mortise.mcp.json.Json;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.auth.ProtectedResources;
import dev.mortise.security.auth.ResourceMetadata;
import dev.mortise.security.token.ClaimsMapping;
import dev.mortise.security.token.JwtVerifier;
import dev.mortise.security.token.KeySource;
import dev.mortise.security.token.TokenIssuer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/** An issuer with one key of 2048 bits, one token of it with RS256, and what verifies that. */
final class Tokens {
    static final String ENDPOINT = "https://mcp.example.com/mcp";
    static final String SCOPE = "files:read";

    private static final String ISSUER = "https://as.example.com";

    static final ResourceMetadata METADATA = ResourceMetadata.of(ENDPOINT, ISSUER);

    private final KeyPair key = key();
    private final String authorization = "Bearer " + token(key);

    /** The line that the token comes in. */
    String authorization() {
        return authorization;
    }

    JwtVerifier verifier() {
        return JwtVerifier.builder(ProtectedResources.of(ProtectedResource.of(ENDPOINT)))
                .issuer(TokenIssuer.builder(ISSUER, KeySource.keys(Map.of("k1", key.getPublic())))
                        .claims(ClaimsMapping.builder()
                                .tenant("acme")
                                .reach(SecurityLevel.MEDIUM)
                                .build())
                        .build())
                .build();
    }

    private static KeyPair key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String token(KeyPair key) {
        long now = Instant.now().getEpochSecond();
        String header = "{\"typ\":\"at+jwt\",\"alg\":\"RS256\",\"kid\":\"k1\"}";
        byte[] claims = Json.write(Json.object()
                .put("iss", ISSUER)
                .put("sub", "248289761001")
                .put("aud", ENDPOINT)
                .put("client_id", "https://app.example.com/client.json")
                .put("iat", now)
                .put("exp", now + 86_400)
                .put("jti", "9a4bc2f3-8f1e-4d3e-9a01-3c1c9f0c6f5a")
                .put("scope", "files:read files:write calendar:read"));
        try {
            Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
            String input = base64.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                    + base64.encodeToString(claims);
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.getPrivate());
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + base64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
