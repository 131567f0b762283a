package dev.mortise.mcp.client.auth;

import dev.mortise.mcp.json.Json;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** Checks proofs of possession the way a server does (RFC 9449 section 4.3), from the bytes on. */
final class DpopJudge {
    record Verdict(String thumbprint, Optional<String> nonce) {}

    private final Queue<String> violations;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    DpopJudge(Queue<String> violations) {
        this.violations = violations;
    }

    Verdict judge(List<String> fields, String method, URI target, Optional<String> token) {
        require(fields.size() == 1, "several proofs");
        String[] parts = fields.get(0).split("\\.", -1);
        JsonNode header = json(parts[0]);
        JsonNode claims = json(parts[1]);
        JsonNode jwk = header.path("jwk");
        require(header.path("typ").asString("").equals("dpop+jwt"), "typ of a proof");
        require(header.path("alg").asString("").equals("ES256"), "alg of a proof");
        require(!jwk.has("d"), "a private key in a proof");
        require(claims.path("htm").asString("").equals(method), "htm of a proof");
        require(claims.path("htu").asString("").equals(target.toString()), "htu of a proof");
        require(seen.add(claims.path("jti").asString("")), "a proof was used twice");
        require(claims.path("iat").isIntegralNumber(), "iat of a proof");
        Optional<String> hash = Optional.ofNullable(claims.path("ath").asString(null));
        require(hash.equals(token.map(FakeAuthorizationServer::sha256)), "ath of a proof");
        try {
            require(verifies(jwk, parts), "the signature of a proof");
        } catch (GeneralSecurityException e) {
            violations.add("a proof cannot be verified: " + e);
        }
        String canonical = "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\""
                + jwk.path("x").asString() + "\",\"y\":\"" + jwk.path("y").asString() + "\"}";
        return new Verdict(
                FakeAuthorizationServer.sha256(canonical),
                Optional.ofNullable(claims.path("nonce").asString(null)));
    }

    private static boolean verifies(JsonNode jwk, String[] parts) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(number(jwk.path("x")), number(jwk.path("y")));
        PublicKey key = KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify(key);
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    }

    private static BigInteger number(JsonNode coordinate) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(coordinate.asString()));
    }

    private static JsonNode json(String part) {
        return Json.parse(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }

    private void require(boolean right, String what) {
        if (!right) {
            violations.add(what);
        }
    }
}
