package dev.mortise.mcp.client.auth;

import dev.mortise.mcp.internal.auth.ClientCredentialsGrant;
import dev.mortise.mcp.internal.auth.Grant;

/** Authorization of a client that speaks for itself. */
public final class ClientCredentialsBuilder extends OAuthBuilder<ClientCredentialsBuilder> {
    private final RegisteredClient client;

    ClientCredentialsBuilder(RegisteredClient client) {
        this.client = client;
    }

    @Override
    Grant grant() {
        return new ClientCredentialsGrant(client);
    }

    @Override
    ClientCredentialsBuilder self() {
        return this;
    }
}
