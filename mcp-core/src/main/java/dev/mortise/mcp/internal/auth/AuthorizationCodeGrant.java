package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.client.auth.Browser;
import dev.mortise.mcp.client.auth.ClientMetadata;
import dev.mortise.mcp.client.auth.Redirect;
import dev.mortise.mcp.client.auth.RegisteredClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks a user (OAuth 2.1 section 4.1, with PKCE).
 *
 * @param registered a client that the authorization server knows
 * @param document a client whose id is the URL of its metadata
 * @param dynamic what to register with where there is neither
 * @param patience how long the user may take
 */
public record AuthorizationCodeGrant(
        Optional<RegisteredClient> registered,
        Optional<RegisteredClient> document,
        Optional<ClientMetadata> dynamic,
        Redirect redirect,
        Browser browser,
        Duration patience)
        implements Grant {

    @Override
    public String name() {
        return "user";
    }

    @Override
    public boolean asksUser() {
        return true;
    }

    @Override
    public Optional<String> issuer() {
        return registered.flatMap(RegisteredClient::issuer);
    }

    @Override
    public boolean showsSecret() {
        return registered.flatMap(RegisteredClient::secret).isPresent();
    }

    @Override
    public Granted obtain(Scene scene, Set<String> scopes) throws IOException {
        URI endpoint = endpoint(scene);
        String state = Jwt.random();
        Pkce pkce = Pkce.create();
        Optional<Vault.Registration> before = registration(scene);
        Optional<URI> earlier = before.map(Vault.Registration::redirect).flatMap(Uris::parse);
        try (Redirect.Pending pending = redirect.open(state, earlier)) {
            Client client = client(scene, before, pending.uri());
            browser.open(page(endpoint, scene, client, pending.uri(), state, pkce, scopes));
            String code = AuthorizationResponse.code(pending.await(patience), state, scene.metadata());
            Map<String, String> form = new LinkedHashMap<>();
            form.put("grant_type", "authorization_code");
            form.put("code", code);
            form.put("redirect_uri", pending.uri().toString());
            form.put("code_verifier", pkce.verifier());
            form.put("resource", scene.found().resource());
            Document answer = ask(scene, client, form);
            if (registered.isPresent()) {
                Grant.bind(registered.get(), scene);
            }
            return new Granted(answer, client);
        } catch (InterruptedException e) {
            throw Patience.interrupted();
        }
    }

    private static Document ask(Scene scene, Client client, Map<String, String> form) throws IOException {
        try {
            return scene.endpoint().ask(scene.destination(client), form, scene.key());
        } catch (AuthorizationException e) {
            if (client.dynamic() && e.error().filter("invalid_client"::equals).isPresent()) {
                // The server forgot the client: the next authorization registers it anew.
                scene.vault().forgetRegistration(scene.metadata().issuer());
            }
            throw e;
        }
    }

    private static URI endpoint(Scene scene) throws AuthorizationException {
        ServerMetadata server = scene.metadata();
        if (!server.challengeMethods().map(has -> has.contains(Pkce.METHOD)).orElse(false)) {
            throw new AuthorizationException(
                    Reason.UNSUPPORTED,
                    "The authorization server " + server.issuer()
                            + " does not say that it has PKCE with S256 (code_challenge_methods_supported)");
        }
        URI endpoint = server.authorizationEndpoint()
                .orElseThrow(() -> new AuthorizationException(
                        Reason.DISCOVERY,
                        "The authorization server " + server.issuer() + " names no authorization endpoint"));
        scene.fetcher().guard().check(endpoint, scene.server());
        return endpoint;
    }

    private static URI page(
            URI endpoint, Scene scene, Client client, URI redirect, String state, Pkce pkce, Set<String> scopes) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", client.id());
        query.put("redirect_uri", redirect.toString());
        query.put("state", state);
        query.put("code_challenge", pkce.challenge());
        query.put("code_challenge_method", Pkce.METHOD);
        query.put("resource", scene.found().resource());
        if (!scopes.isEmpty()) {
            query.put("scope", Scopes.text(scopes));
        }
        if (scopes.contains(Scopes.OFFLINE_ACCESS)) {
            // Without it, OpenID Connect servers ignore the scope (OpenID Connect Core section 11).
            query.put("prompt", "consent");
        }
        scene.key().ifPresent(key -> query.put("dpop_jkt", key.thumbprint()));
        String separator = endpoint.getRawQuery() == null ? "?" : "&";
        return URI.create(endpoint + separator + Uris.form(query));
    }

    /** In the order of the specification (client registration). */
    private Client client(Scene scene, Optional<Vault.Registration> before, URI redirect) throws IOException {
        Optional<Client> given = given(scene);
        if (given.isPresent()) {
            return given.get();
        }
        if (before.isPresent() && before.get().redirect().equals(redirect.toString())) {
            return before.get().client();
        }
        ServerMetadata server = scene.metadata();
        Optional<URI> endpoint = server.registrationEndpoint();
        if (dynamic.isEmpty() || endpoint.isEmpty()) {
            throw new AuthorizationException(
                    Reason.REGISTRATION,
                    "There is no client id for the authorization server " + server.issuer() + ": give one with"
                            + " registered(...)" + (server.clientDocuments() ? ", or clientMetadataDocument(...)" : "")
                            + (endpoint.isPresent() ? ", or dynamicRegistration(...)" : ""));
        }
        Vault.Registration registration = new Registrar(dynamic.get()).register(scene, endpoint.get(), redirect);
        scene.vault().save(server.issuer(), registration);
        return registration.client();
    }

    private Optional<Client> given(Scene scene) throws IOException {
        if (registered.isPresent()) {
            return Optional.of(Grant.bound(registered.get(), scene));
        }
        return scene.metadata().clientDocuments() ? document.map(Client::of) : Optional.empty();
    }

    @Override
    public Optional<Client> known(Scene scene) throws IOException {
        Optional<Client> given = given(scene);
        return given.isPresent() ? given : registration(scene).map(Vault.Registration::client);
    }

    private Optional<Vault.Registration> registration(Scene scene) throws IOException {
        return dynamic.isPresent()
                ? scene.vault()
                        .registration(scene.metadata().issuer(), scene.clock().instant())
                : Optional.empty();
    }
}
