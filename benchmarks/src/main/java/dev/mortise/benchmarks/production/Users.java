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

/** Users, each of a tenant of its own, with access tokens of an authorization server that shares a secret with the service. Immutable. */
final class Users {
    static final String ISSUER = "https://login.example.com";

    private static final int HOURS = 12;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final List<String> tokens;

    /** @param secret of the issuer, which signs with HS256 */
    Users(int count, String resource, String secret) {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(token(tenant(i), resource, secret));
        }
        tokens = List.copyOf(made);
    }

    int count() {
        return tokens.size();
    }

    String token(int user) {
        return tokens.get(user);
    }

    static String tenant(int user) {
        return "tenant-" + user;
    }

    private static String token(String subject, String resource, String secret) {
        long now = Instant.now().getEpochSecond();
        String text = part(Json.object().put("typ", "at+jwt").put("alg", "HS256")) + "."
                + part(Json.object()
                        .put("iss", ISSUER)
                        .put("sub", subject)
                        .put("aud", resource)
                        .put("tenant", subject)
                        .put("client_id", "load")
                        .put("iat", now)
                        .put("exp", now + HOURS * 3_600)
                        .put("jti", subject));
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
