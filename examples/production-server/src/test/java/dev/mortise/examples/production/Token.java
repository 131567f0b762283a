package dev.mortise.examples.production;

import dev.mortise.mcp.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Access tokens as an authorization server would issue them (RFC 9068). */
final class Token {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Token() {}

    static String signed(String secret, String issuer, String audience, String subject) throws Exception {
        return signed(secret, issuer, audience, subject, Json.object());
    }

    /** @param more claims, which count before those that all tokens have */
    static String signed(String secret, String issuer, String audience, String subject, ObjectNode more)
            throws Exception {
        Instant now = Instant.now();
        String text = part(Json.object().put("typ", "at+jwt").put("alg", "HS256")) + "."
                + part((ObjectNode) Json.object()
                        .put("iss", issuer)
                        .put("sub", subject)
                        .put("aud", audience)
                        .put("client_id", "test")
                        .put("iat", now.getEpochSecond())
                        .put("exp", now.plusSeconds(600).getEpochSecond())
                        .put("jti", UUID.randomUUID().toString())
                        .setAll(more));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return text + "." + BASE64.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String part(JsonNode json) {
        return BASE64.encodeToString(Json.write(json));
    }
}
