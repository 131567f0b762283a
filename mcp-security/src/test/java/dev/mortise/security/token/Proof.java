package dev.mortise.security.token;

import dev.mortise.mcp.json.Json;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** The client's side of DPoP: a key, and good proofs until a test twists them. */
public record Proof(KeyPair key, String uri, Clock clock) {
    public static Proof of(String uri, Clock clock) {
        return new Proof(Jose.ec(), uri, clock);
    }

    public String thumbprint() {
        return Jose.thumbprint((ECPublicKey) key.getPublic());
    }

    public String good(String token) {
        return with(token, claims -> {});
    }

    public String with(String token, Consumer<ObjectNode> twist) {
        return both(token, header -> {}, twist);
    }

    String headed(String token, Consumer<ObjectNode> twist) {
        return both(token, twist, claims -> {});
    }

    private String both(String token, Consumer<ObjectNode> headers, Consumer<ObjectNode> twist) {
        ObjectNode header = Json.object().put("typ", "dpop+jwt").put("alg", "ES256");
        header.set("jwk", Jose.jwk(key.getPublic()));
        headers.accept(header);
        ObjectNode claims = Json.object()
                .put("jti", UUID.randomUUID().toString())
                .put("htm", "POST")
                .put("htu", uri)
                .put("iat", clock.instant().getEpochSecond())
                .put("ath", Jose.sha256(token));
        twist.accept(claims);
        return Jose.es256(Tokens.text(header), Tokens.text(claims), key.getPrivate());
    }
}
