package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.client.auth.ClientMetadata;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Registers a client at an authorization server (RFC 7591). */
record Registrar(ClientMetadata metadata) {
    Vault.Registration register(Scene scene, URI endpoint, URI redirect) throws IOException {
        byte[] request = Json.write(request(scene, redirect));
        Fetcher.Answer answer = scene.fetcher().post(endpoint, scene.server(), "application/json", request, Map.of());
        if (!answer.isOk()) {
            throw TokenEndpoint.refusal(
                    answer.isFailure() ? Reason.UNAVAILABLE : Reason.REGISTRATION,
                    "The registration endpoint " + endpoint,
                    answer,
                    Set.of());
        }
        Document json = answer.document().orElse(new Document(Json.object()));
        String id = json.text("client_id")
                .orElseThrow(() -> new AuthorizationException(
                        Reason.REGISTRATION, "The registration endpoint " + endpoint + " gave no client id"));
        Client client = new Client(
                id, json.text("client_secret"), Optional.empty(), json.text("token_endpoint_auth_method"), true);
        return new Vault.Registration(client, redirect.toString(), expiry(json));
    }

    private ObjectNode request(Scene scene, URI redirect) {
        ObjectNode json = Json.object().put("client_name", metadata.name());
        metadata.page().ifPresent(page -> json.put("client_uri", page.toString()));
        metadata.logo().ifPresent(logo -> json.put("logo_uri", logo.toString()));
        json.putArray("redirect_uris").add(redirect.toString());
        ArrayNode grants = json.putArray("grant_types").add("authorization_code");
        if (scene.metadata()
                .grantTypes()
                .map(types -> types.contains("refresh_token"))
                .orElse(true)) {
            grants.add("refresh_token");
        }
        json.putArray("response_types").add("code");
        json.put("token_endpoint_auth_method", method(scene.metadata()));
        json.put("application_type", isNative(redirect) ? "native" : "web");
        if (scene.key().isPresent()) {
            json.put("dpop_bound_access_tokens", true);
        }
        return json;
    }

    /** A client on its user's machine keeps no secret; one is taken only where the server wants that. */
    private static String method(ServerMetadata server) {
        List<String> has = server.authenticationMethods().orElse(List.of(Client.NONE));
        if (has.contains(Client.NONE)) {
            return Client.NONE;
        }
        return !has.contains(Client.BASIC) && has.contains(Client.POST) ? Client.POST : Client.BASIC;
    }

    /** Client registration: Application Type and Redirect URI Constraints. */
    private static boolean isNative(URI redirect) {
        return Uris.isLoopback(redirect) || !"https".equalsIgnoreCase(redirect.getScheme());
    }

    private static Optional<Instant> expiry(Document json) {
        JsonNode seconds = json.json().path("client_secret_expires_at");
        return seconds.isIntegralNumber() && seconds.asLong() > 0
                ? Optional.of(Instant.ofEpochSecond(Math.min(seconds.asLong(), Integer.MAX_VALUE * 8L)))
                : Optional.empty();
    }
}
