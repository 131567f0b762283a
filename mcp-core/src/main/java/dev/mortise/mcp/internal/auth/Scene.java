package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;

/**
 * What a grant has to work with: the server, what was found out about it, and the tools.
 *
 * @param key what tokens shall be bound to, if they shall
 */
record Scene(
        URI server,
        Discovery.Found found,
        Vault vault,
        Fetcher fetcher,
        TokenEndpoint endpoint,
        Optional<DpopKey> key,
        Clock clock) {

    ServerMetadata metadata() {
        return found.server();
    }

    TokenEndpoint.Destination destination(Client client) throws AuthorizationException {
        return new TokenEndpoint.Destination(metadata().requireTokenEndpoint(), metadata(), client, server);
    }
}
