package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.RegisteredClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Speaks for the client itself (extension: OAuth Client Credentials). */
public record ClientCredentialsGrant(RegisteredClient registered) implements Grant {
    @Override
    public String name() {
        return "client";
    }

    @Override
    public boolean asksUser() {
        return false;
    }

    @Override
    public Optional<String> issuer() {
        return registered.issuer();
    }

    @Override
    public boolean showsSecret() {
        return registered.secret().isPresent();
    }

    @Override
    public Granted obtain(Scene scene, Set<String> scopes) throws IOException {
        Client client = Grant.bound(registered, scene);
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        form.put("resource", scene.found().resource());
        if (!scopes.isEmpty()) {
            form.put("scope", Scopes.text(scopes));
        }
        Document answer = scene.endpoint().ask(scene.destination(client), form, scene.key());
        Grant.bind(registered, scene);
        return new Granted(answer, client);
    }

    @Override
    public Optional<Client> known(Scene scene) throws IOException {
        return Optional.of(Grant.bound(registered, scene));
    }
}
