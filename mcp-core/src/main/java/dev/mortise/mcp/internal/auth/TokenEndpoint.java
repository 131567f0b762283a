package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Asks token endpoints (RFC 6749 section 3.2): authenticates the client, proves its key, reads the answer. */
record TokenEndpoint(Fetcher fetcher, Nonces nonces, Clock clock) {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final Duration ASSERTION_LIFE = Duration.ofMinutes(2);
    private static final int SHOWN = 300;

    /** One token endpoint, and who asks there. */
    record Destination(URI url, ServerMetadata metadata, Client client, URI server) {}

    /** @throws AuthorizationException if it refuses, or answers what is no answer */
    Document ask(Destination to, Map<String, String> parameters, Optional<DpopKey> key) throws IOException {
        // Twice at most: a server that wants a nonce gives one, and once is enough to use it (RFC 9449 section 8).
        Fetcher.Answer answer = send(to, parameters, key);
        if (key.isPresent() && wantsNonce(answer)) {
            answer = send(to, parameters, key);
        }
        if (answer.isFailure()) {
            throw new AuthorizationException(
                    Reason.UNAVAILABLE,
                    "The answer of the token endpoint " + to.url + " has status " + answer.status());
        }
        if (answer.status() == 200 && answer.document().isPresent()) {
            return answer.document().get();
        }
        throw refusal(Reason.TOKEN, "The token endpoint " + to.url, answer, secrets(to, parameters));
    }

    /** What was sent and belongs into no message, not even if the server repeats it. */
    private static Set<String> secrets(Destination to, Map<String, String> parameters) {
        Set<String> secrets = new HashSet<>();
        for (String name : List.of("code", "code_verifier", "refresh_token", "assertion", "subject_token")) {
            secrets.add(parameters.getOrDefault(name, ""));
        }
        secrets.add(to.client.secret().orElse(""));
        secrets.remove("");
        return secrets;
    }

    /** What an endpoint says when it refuses (RFC 6749 section 5.2, RFC 7591 section 3.2.2). */
    static AuthorizationException refusal(Reason reason, String who, Fetcher.Answer answer, Set<String> secrets) {
        Optional<String> error = said(answer, "error", secrets);
        String description = said(answer, "error_description", secrets)
                .map(text -> " (" + text + ")")
                .orElse("");
        String said = error.map(code -> ": " + code + description).orElse(" and says nothing about it");
        return new AuthorizationException(
                reason, who + " refused with status " + answer.status() + said, error.orElse(null), null);
    }

    private static Optional<String> said(Fetcher.Answer answer, String member, Set<String> secrets) {
        Optional<String> text = answer.document().flatMap(json -> json.text(member));
        for (String secret : secrets) {
            text = text.map(each -> each.replace(secret, "***"));
        }
        return text.map(each -> Excerpt.of(each, SHOWN));
    }

    private Fetcher.Answer send(Destination to, Map<String, String> parameters, Optional<DpopKey> key)
            throws IOException {
        Map<String, String> form = new LinkedHashMap<>(parameters);
        Map<String, String> fields = new LinkedHashMap<>();
        authenticate(to, form, fields);
        if (key.isPresent()) {
            fields.put("DPoP", key.get().proof("POST", to.url, null, nonces.at(to.url), clock.instant()));
        }
        byte[] body = Uris.form(form).getBytes(StandardCharsets.US_ASCII);
        Fetcher.Answer answer = fetcher.post(to.url, to.server, FORM, body, fields);
        nonces.learn(to.url, answer.headers().allValues(Nonces.FIELD));
        return answer;
    }

    private static boolean wantsNonce(Fetcher.Answer answer) {
        return (answer.status() == 400 || answer.status() == 401)
                && answer.headers().allValues(Nonces.FIELD).size() == 1
                && answer.document()
                        .flatMap(json -> json.text("error"))
                        .filter("use_dpop_nonce"::equals)
                        .isPresent();
    }

    private void authenticate(Destination to, Map<String, String> form, Map<String, String> fields)
            throws AuthorizationException {
        Client client = to.client;
        switch (client.methodAt(to.metadata)) {
            case Client.BASIC -> {
                // Each part is form-encoded before the whole is base64 (RFC 6749 section 2.3.1).
                String pair = Uris.encode(client.id()) + ":"
                        + Uris.encode(client.secret().orElse(""));
                fields.put(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII)));
            }
            case Client.POST -> {
                form.put("client_id", client.id());
                form.put("client_secret", client.secret().orElse(""));
            }
            case Client.PRIVATE_KEY -> {
                form.put("client_assertion_type", ASSERTION_TYPE);
                form.put("client_assertion", assertion(client, to.metadata.issuer()));
            }
            default -> {
                if (!client.id().isEmpty()) {
                    form.put("client_id", client.id());
                }
            }
        }
    }

    /** The issuer is the one audience: an assertion for it is of no use to another server (RFC 7523 section 3). */
    private String assertion(Client client, String issuer) throws AuthorizationException {
        long now = clock.instant().getEpochSecond();
        ObjectNode claims = Json.object()
                .put("iss", client.id())
                .put("sub", client.id())
                .put("aud", issuer)
                .put("jti", Jwt.random())
                .put("iat", now)
                .put("exp", now + ASSERTION_LIFE.toSeconds());
        return Jwt.sign(client.key().orElseThrow(), Json.object(), claims);
    }
}
