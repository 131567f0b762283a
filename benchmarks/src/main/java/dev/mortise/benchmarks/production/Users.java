package dev.mortise.benchmarks.production;

import dev.mortise.mcp.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Users, each of a tenant of its own, with access tokens of an authorization server that shares a secret with the service. Immutable. */
final class Users {
    static final String ISSUER = "https://login.example.com";

    private static final int HOURS = 12;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final List<String> tokens;
    private final String administrator;

    /** @param secret of the issuer, which signs with HS256 */
    Users(int count, String resource, String secret) {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(token(claims(tenant(i), resource).put("tenant", tenant(i)), secret));
        }
        tokens = List.copyOf(made);
        administrator = token(claims("administrator", resource).put("scope", "mortise:admin"), secret);
    }

    int count() {
        return tokens.size();
    }

    String token(int user) {
        return tokens.get(user);
    }

    /** Of somebody who has no tenant, and administers all. */
    String administrator() {
        return administrator;
    }

    static String tenant(int user) {
        return "tenant-" + user;
    }

    private static ObjectNode claims(String subject, String resource) {
        long now = Instant.now().getEpochSecond();
        return Json.object()
                .put("iss", ISSUER)
                .put("sub", subject)
                .put("aud", resource)
                .put("client_id", "load")
                .put("iat", now)
                .put("exp", now + HOURS * 3_600)
                .put("jti", subject);
    }

    private static String token(JsonNode claims, String secret) {
        String text = part(Json.object().put("typ", "at+jwt").put("alg", "HS256")) + "." + part(claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return text + "." + BASE64.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    private static String part(JsonNode json) {
        return BASE64.encodeToString(Json.write(json));
    }
}
