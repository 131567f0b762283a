package dev.mortise.examples.http;

import dev.mortise.mcp.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/** An access token as an authorization server would issue it (RFC 9068), so that there is one to try. */
final class SampleToken {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private SampleToken() {}

    static String issue(String issuer, String audience, byte[] secret, Duration lifetime) {
        Instant now = Instant.now();
        String text = part(Json.object().put("typ", "at+jwt").put("alg", "HS256")) + "."
                + part(Json.object()
                        .put("iss", issuer)
                        .put("sub", "newcomer")
                        .put("aud", audience)
                        .put("client_id", "quickstart")
                        .put("iat", now.getEpochSecond())
                        .put("exp", now.plus(lifetime).getEpochSecond())
                        .put("jti", UUID.randomUUID().toString()));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return text + "." + BASE64.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    private static String part(JsonNode json) {
        return BASE64.encodeToString(Json.write(json));
    }
}
