package dev.mortise.examples.conformance.client;

import dev.mortise.mcp.client.HttpAuthorization;
import dev.mortise.mcp.client.auth.AuthorizationCodeBuilder;
import dev.mortise.mcp.client.auth.Browser;
import dev.mortise.mcp.client.auth.ClientMetadata;
import dev.mortise.mcp.client.auth.IdentityProvider;
import dev.mortise.mcp.client.auth.LoopbackRedirect;
import dev.mortise.mcp.client.auth.OAuth;
import dev.mortise.mcp.client.auth.RegisteredClient;
import dev.mortise.mcp.client.auth.SigningKey;
import dev.mortise.mcp.client.auth.SubjectToken;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/** The one place where a scenario of the conformance suite gets its credentials. */
final class Authorizations {
    /** Need not be there: the authorization server of the suite knows what would be in it. */
    private static final URI CLIENT_DOCUMENT = URI.create("https://conformance-test.local/client-metadata.json");

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final JsonNode context;

    private Authorizations(JsonNode context) {
        this.context = context;
    }

    /**
     * @param scenario its name, such as {@code auth/dpop}
     * @param context what the suite gives to this scenario: client ids, keys, tokens
     */
    static HttpAuthorization of(String scenario, JsonNode context) {
        return new Authorizations(context).of(scenario);
    }

    private HttpAuthorization of(String scenario) {
        return switch (scenario) {
            case "auth/client-credentials-basic" ->
                // The suite gives secrets, but does not say whose they are: its server names that alone.
                OAuth.clientCredentials(text("client_id"), text("client_secret"))
                        .trustingFirstIssuer()
                        .build();
            case "auth/client-credentials-jwt" ->
                OAuth.clientCredentials(text("client_id"), SigningKey.pem(text("private_key_pem")))
                        .build();
            case "auth/enterprise-managed-authorization" ->
                OAuth.enterpriseManaged(identityProvider(), () -> SubjectToken.idToken(text("idp_id_token")))
                        .registered(text("client_id"), text("client_secret"))
                        .trustingFirstIssuer()
                        .build();
            case "auth/wif-jwt-bearer" ->
                OAuth.workloadIdentity(issuer -> text("valid_jwt"))
                        .registered(RegisteredClient.withoutSecret(text("client_id")))
                        .issuer(audience(text("valid_jwt")))
                        .build();
            case "auth/pre-registration" ->
                user().registered(text("client_id"), text("client_secret"))
                        .trustingFirstIssuer()
                        .build();
            case "auth/dpop", "auth/dpop-nonce" -> user().dpop().build();
            default -> scenario.startsWith("auth/") ? user().build() : HttpAuthorization.none();
        };
    }

    private static AuthorizationCodeBuilder user() {
        return OAuth.authorizationCode()
                .clientMetadataDocument(CLIENT_DOCUMENT)
                .dynamicRegistration(ClientMetadata.named("Mortise conformance client"))
                .redirect(LoopbackRedirect.onFreePort())
                .browser(obliging())
                .userTimeout(PATIENCE);
    }

    /** A user who agrees to everything at once: follows the redirects of the authorization page. */
    private static Browser obliging() {
        return page -> {
            try (HttpClient client = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build()) {
                client.send(
                        HttpRequest.newBuilder(page).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.discarding());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted at the authorization page");
            }
        };
    }

    private IdentityProvider identityProvider() {
        return IdentityProvider.withTokenEndpoint(
                URI.create(text("idp_token_endpoint")), RegisteredClient.withoutSecret(text("idp_client_id")));
    }

    /** Whom a token is for: all that a scenario says about its authorization server. */
    private static String audience(String jwt) {
        byte[] claims = Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]);
        return Json.parse(new String(claims, StandardCharsets.UTF_8))
                .path("aud")
                .asString();
    }

    private String text(String name) {
        return context.path(name).asString();
    }
}
