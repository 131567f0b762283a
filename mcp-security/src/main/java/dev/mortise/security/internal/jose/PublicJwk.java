package dev.mortise.security.internal.jose;

import dev.mortise.mcp.json.Json;
import dev.mortise.security.auth.SignatureAlgorithm;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.Jwks;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a public key in JSON (RFC 7517, RFC 7518 section 6, RFC 8037 section 2). A secret, a private key, a key that is
 * for encryption, and one of a size that only costs time, is none.
 *
 * @param thumbprint as RFC 7638 computes it, with SHA-256
 */
public record PublicJwk(Key key, String thumbprint, Optional<String> id, Set<SignatureAlgorithm> algorithms) {
    private static final List<String> PRIVATE_MEMBERS = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");
    /** 4096 bits in base64url, and one character for a leading zero. */
    private static final int MAX_MODULUS = 684;

    /** 32 bits in base64url: larger exponents make verifying slow, and nothing safer. */
    private static final int MAX_EXPONENT = 6;

    private static final int MAX_ID = 256;

    public static Optional<PublicJwk> read(JsonNode jwk) {
        Optional<String> type = CompactJwt.text(jwk, "kty");
        Optional<ObjectNode> essence = type.flatMap(kty -> essence(kty, jwk));
        if (essence.isEmpty() || PRIVATE_MEMBERS.stream().anyMatch(jwk::has) || !isForSignatures(jwk)) {
            return Optional.empty();
        }
        Set<SignatureAlgorithm> algorithms = SignatureAlgorithm.asymmetric();
        if (jwk.has("alg")) {
            Optional<SignatureAlgorithm> own = CompactJwt.text(jwk, "alg").flatMap(SignatureAlgorithm::of);
            if (own.isEmpty() || own.get().isSymmetric()) {
                return Optional.empty();
            }
            algorithms = Set.of(own.get());
        }
        Optional<String> id = CompactJwt.text(jwk, "kid");
        if (id.map(String::length).orElse(0) > MAX_ID) {
            return Optional.empty();
        }
        byte[] canonical = Json.write(essence.get());
        try {
            Jwk<?> parsed =
                    Jwks.parser().json(StrictJson.READER).build().parse(new String(canonical, StandardCharsets.UTF_8));
            return Optional.of(new PublicJwk(parsed.toKey(), Digests.sha256(canonical), id, algorithms));
        } catch (JwtException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The members that make the key, in the order of RFC 7638 section 3.2. */
    private static Optional<ObjectNode> essence(String type, JsonNode jwk) {
        return switch (type) {
            case "EC" -> members(jwk, "crv", "kty", "x", "y");
            case "OKP" ->
                members(jwk, "crv", "kty", "x")
                        .filter(it -> it.get("crv").stringValue().equals("Ed25519"));
            case "RSA" ->
                members(jwk, "e", "kty", "n")
                        .filter(it -> it.get("n").stringValue().length() <= MAX_MODULUS
                                && it.get("e").stringValue().length() <= MAX_EXPONENT);
            default -> Optional.empty();
        };
    }

    private static Optional<ObjectNode> members(JsonNode jwk, String... names) {
        ObjectNode members = Json.object();
        for (String name : names) {
            Optional<String> value = CompactJwt.text(jwk, name);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            members.put(name, value.get());
        }
        return Optional.of(members);
    }

    private static boolean isForSignatures(JsonNode jwk) {
        boolean use = !jwk.has("use") || CompactJwt.text(jwk, "use").equals(Optional.of("sig"));
        boolean operations =
                !jwk.has("key_ops") || CompactJwt.texts(jwk.get("key_ops")).contains("verify");
        return use && operations;
    }

    public VerificationKey verificationKey() {
        return new VerificationKey(id.orElse(null), key, algorithms);
    }
}
