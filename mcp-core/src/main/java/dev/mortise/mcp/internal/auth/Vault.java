package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.TokenStore;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is kept between runs, under names that say what it belongs to.
 *
 * @param account keeps apart what several users, or several ways to authorize, keep in one store
 */
record Vault(TokenStore store, String account) {
    /** A registration at an authorization server. */
    record Registration(Client client, String redirect, Optional<Instant> expires) {}

    Optional<Tokens> tokens(String server) throws IOException {
        Optional<Document> found = read(tokensName(server));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Document json = found.get();
        Optional<String> access = json.text("access").filter(Tokens::isSendable);
        if (access.isEmpty() || !json.text("server").equals(Optional.of(server))) {
            return Optional.empty();
        }
        return Optional.of(new Tokens(
                server,
                json.text("issuer").orElse(""),
                json.text("resource").orElse(server),
                json.text("client").orElse(""),
                access.get(),
                json.isTrue("bound"),
                instant(json, "expires"),
                json.text("refresh"),
                Scopes.parse(json.text("scope").orElse("")),
                Tokens.Origin.STORED));
    }

    void save(Tokens tokens) throws IOException {
        ObjectNode json = Json.object()
                .put("server", tokens.server())
                .put("issuer", tokens.issuer())
                .put("resource", tokens.resource())
                .put("client", tokens.clientId())
                .put("access", tokens.access())
                .put("bound", tokens.bound())
                .put("scope", Scopes.text(tokens.scopes()));
        tokens.expires().ifPresent(at -> json.put("expires", at.getEpochSecond()));
        tokens.refresh().ifPresent(token -> json.put("refresh", token));
        store.write(tokensName(tokens.server()), json.toString());
    }

    void forgetTokens(String server) throws IOException {
        store.remove(tokensName(server));
    }

    /** Makes this process and thread the only one that renews the tokens of a server. */
    <T> T renewing(String server, Duration patience, TokenStore.Work<T> work) throws IOException {
        return store.alone(tokensName(server), patience, work);
    }

    Optional<Registration> registration(String issuer, Instant now) throws IOException {
        return read(registrationName(issuer))
                .flatMap(Vault::registration)
                .filter(each -> each.expires().map(now::isBefore).orElse(true));
    }

    private static Optional<Registration> registration(Document json) {
        return json.text("client")
                .map(id -> new Registration(
                        new Client(id, json.text("secret"), Optional.empty(), json.text("method"), true),
                        json.text("redirect").orElse(""),
                        instant(json, "expires")));
    }

    void save(String issuer, Registration registration) throws IOException {
        Client client = registration.client();
        ObjectNode json = Json.object().put("client", client.id()).put("redirect", registration.redirect());
        client.secret().ifPresent(secret -> json.put("secret", secret));
        client.method().ifPresent(method -> json.put("method", method));
        registration.expires().ifPresent(at -> json.put("expires", at.getEpochSecond()));
        store.write(registrationName(issuer), json.toString());
    }

    void forgetRegistration(String issuer) throws IOException {
        store.remove(registrationName(issuer));
    }

    /** The authorization server to which a client with an id from elsewhere belongs, if that is known. */
    Optional<String> issuerOf(String clientId, String server) throws IOException {
        return read(name("issuer", clientId, server)).flatMap(json -> json.text("issuer"));
    }

    /** Remembers where a client with an id from elsewhere belongs. */
    void bind(String clientId, String server, String issuer) throws IOException {
        if (issuerOf(clientId, server).isEmpty()) {
            store.write(
                    name("issuer", clientId, server),
                    Json.object().put("issuer", issuer).toString());
        }
    }

    /**
     * The key to which the tokens for a server are bound, made when it is needed for the first time. Called by who is
     * alone with the tokens of that server: a key of more than one server would need a second lock inside the first.
     */
    DpopKey dpopKey(String server) throws IOException {
        String name = name("dpop", server);
        Optional<DpopKey> known = read(name).flatMap(DpopKey::of);
        if (known.isPresent()) {
            return known.get();
        }
        DpopKey key = DpopKey.create();
        store.write(name, key.json().toString());
        return key;
    }

    private Optional<Document> read(String name) throws IOException {
        Optional<String> text = store.read(name);
        return text.flatMap(each -> Document.read(each.getBytes(StandardCharsets.UTF_8)));
    }

    private static Optional<Instant> instant(Document json, String member) {
        JsonNode seconds = json.json().path(member);
        return seconds.isIntegralNumber() ? Optional.of(Instant.ofEpochSecond(seconds.asLong())) : Optional.empty();
    }

    private String tokensName(String server) {
        return name("tokens", server);
    }

    private String registrationName(String issuer) {
        return name("client", issuer);
    }

    /** No part has a space in it: URLs have none, and those who do are encoded. */
    private String name(String kind, String... parts) {
        StringBuilder name = new StringBuilder(kind).append(' ').append(Uris.encode(account));
        for (String part : parts) {
            name.append(' ').append(Uris.encode(part));
        }
        return name.toString();
    }
}
