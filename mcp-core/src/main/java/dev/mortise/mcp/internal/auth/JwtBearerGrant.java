package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.client.auth.RegisteredClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Exchanges an assertion of somebody whom the authorization server trusts for a token (RFC 7523 section 2.1).
 *
 * @param name what vouches
 * @param reusable whether the assertion may be good at other authorization servers too
 * @param registered the client, where the assertion does not say enough about it
 */
public record JwtBearerGrant(String name, Assertion assertion, boolean reusable, Optional<RegisteredClient> registered)
        implements Grant {
    /** Where the assertion comes from. */
    @FunctionalInterface
    public interface Assertion {
        String get(Scene scene, Set<String> scopes) throws IOException;
    }

    @Override
    public boolean asksUser() {
        return false;
    }

    @Override
    public Optional<String> issuer() {
        return registered.flatMap(RegisteredClient::issuer);
    }

    @Override
    public boolean showsSecret() {
        return reusable || registered.flatMap(RegisteredClient::secret).isPresent();
    }

    @Override
    public Granted obtain(Scene scene, Set<String> scopes) throws IOException {
        Client client = client(scene);
        String given = assertion.get(scene, scopes);
        if (!Tokens.isSendable(given)) {
            throw new AuthorizationException(Reason.TOKEN, "The assertion for this server is empty or no JWT");
        }
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        form.put("assertion", given);
        form.put("resource", scene.found().resource());
        if (!scopes.isEmpty()) {
            form.put("scope", Scopes.text(scopes));
        }
        Document answer = scene.endpoint().ask(scene.destination(client), form, scene.key());
        if (registered.isPresent()) {
            Grant.bind(registered.get(), scene);
        } else {
            Grant.bind("", scene);
        }
        return new Granted(answer, client);
    }

    @Override
    public Optional<Client> known(Scene scene) throws IOException {
        return Optional.of(client(scene));
    }

    private Client client(Scene scene) throws IOException {
        if (registered.isPresent()) {
            return Grant.bound(registered.get(), scene);
        }
        Grant.checkBound("", Optional.empty(), scene);
        return Client.unnamed();
    }
}
