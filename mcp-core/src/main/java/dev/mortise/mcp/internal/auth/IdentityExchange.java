package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.client.auth.IdentityProvider;
import dev.mortise.mcp.client.auth.SubjectToken;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Asks an identity provider to vouch for the user at another authorization server (extension, section 4). */
public record IdentityExchange(IdentityProvider provider, Supplier<SubjectToken> subject)
        implements JwtBearerGrant.Assertion {
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";

    @Override
    public String get(Scene scene, Set<String> scopes) throws IOException {
        SubjectToken token = subject.get();
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", GRANT);
        form.put("requested_token_type", ID_JAG);
        form.put("audience", scene.metadata().issuer());
        form.put("resource", scene.found().resource());
        if (!scopes.isEmpty()) {
            form.put("scope", Scopes.text(scopes));
        }
        form.put("subject_token", token.value());
        form.put("subject_token_type", token.type());
        Document answer = scene.endpoint().ask(destination(scene), form, Optional.empty());
        if (!answer.text("issued_token_type").equals(Optional.of(ID_JAG))) {
            throw new AuthorizationException(
                    Reason.TOKEN, "The identity provider gave something else than an identity assertion grant");
        }
        return answer.text("access_token")
                .orElseThrow(() -> new AuthorizationException(Reason.TOKEN, "The identity provider gave no assertion"));
    }

    /** What the developer configured is trusted more than what a server says: it may be in a private network. */
    private TokenEndpoint.Destination destination(Scene scene) throws IOException {
        Client client = Client.of(provider.client());
        if (provider.tokenEndpoint().isPresent()) {
            URI url = provider.tokenEndpoint().get();
            ServerMetadata metadata = ServerMetadata.atTokenEndpoint(url);
            return new TokenEndpoint.Destination(url, metadata, client, url);
        }
        String issuer = provider.issuer().orElseThrow();
        ServerMetadata metadata = new Discovery(scene.fetcher()).server(issuer, URI.create(issuer));
        URI url = metadata.requireTokenEndpoint();
        return new TokenEndpoint.Destination(url, metadata, client, URI.create(issuer));
    }
}
