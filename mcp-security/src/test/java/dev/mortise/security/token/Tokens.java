package dev.mortise.security.token;

import dev.mortise.mcp.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Clock;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Good access tokens of one issuer for one endpoint, until a test twists them. */
public record Tokens(String issuer, String audience, Clock clock, String kid, KeyPair key) {
    public static final String HEADER = "{'typ':'at+jwt','alg':'RS256','kid':'%s'}";

    public ObjectNode claims() {
        long now = clock.instant().getEpochSecond();
        return Json.object()
                .put("iss", issuer)
                .put("sub", "ada")
                .put("aud", audience)
                .put("client_id", "app")
                .put("iat", now)
                .put("nbf", now)
                .put("exp", now + 300)
                .put("jti", "token-1")
                .put("scope", "files:read files:write");
    }

    public String good() {
        return with(claims -> {});
    }

    public String with(Consumer<ObjectNode> twist) {
        ObjectNode claims = claims();
        twist.accept(claims);
        return signed(HEADER.formatted(kid), text(claims));
    }

    /** With a header of one's own, signed with the right key all the same. */
    public String headed(String header) {
        return signed(header.replace("KID", kid), text(claims()));
    }

    public String signed(String header, String claims) {
        return Jose.rs256(header, claims, key.getPrivate());
    }

    public static String text(ObjectNode json) {
        return new String(Json.write(json), StandardCharsets.UTF_8);
    }
}
