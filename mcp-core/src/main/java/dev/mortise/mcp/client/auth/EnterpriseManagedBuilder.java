package dev.mortise.mcp.client.auth;

import dev.mortise.mcp.internal.auth.Grant;
import dev.mortise.mcp.internal.auth.IdentityExchange;
import dev.mortise.mcp.internal.auth.JwtBearerGrant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Authorization by an enterprise. */
public final class EnterpriseManagedBuilder extends OAuthBuilder<EnterpriseManagedBuilder> {
    private final IdentityProvider provider;
    private final Supplier<SubjectToken> subject;
    private @Nullable RegisteredClient registered;

    EnterpriseManagedBuilder(IdentityProvider provider, Supplier<SubjectToken> subject) {
        this.provider = provider;
        this.subject = subject;
    }

    /** The client that the server's authorization server knows this one as. */
    public EnterpriseManagedBuilder registered(RegisteredClient client) {
        this.registered = client;
        return this;
    }

    /** The same, with a secret; {@link #issuer} says where it is shown. */
    public EnterpriseManagedBuilder registered(String clientId, String secret) {
        return registered(RegisteredClient.withSecret(clientId, secret));
    }

    @Override
    Grant grant() {
        if (registered == null) {
            throw new IllegalStateException("An authorization that an enterprise manages needs the client that the"
                    + " server's authorization server knows: give it with registered(...)");
        }
        // What the identity provider gives names the one authorization server that it is for.
        return new JwtBearerGrant(
                "enterprise", new IdentityExchange(provider, subject), false, Optional.of(registered));
    }

    @Override
    EnterpriseManagedBuilder self() {
        return this;
    }
}
