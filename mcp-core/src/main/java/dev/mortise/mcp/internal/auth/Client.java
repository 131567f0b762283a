package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.RegisteredClient;
import dev.mortise.mcp.client.auth.SigningKey;
import java.util.List;
import java.util.Optional;

/**
 * A client id at one authorization server.
 *
 * @param method how it authenticates at the token endpoint, if that was agreed on
 * @param dynamic whether it was registered by this client, so that it can be registered anew
 */
record Client(String id, Optional<String> secret, Optional<SigningKey> key, Optional<String> method, boolean dynamic) {
    static final String NONE = "none";
    static final String BASIC = "client_secret_basic";
    static final String POST = "client_secret_post";
    static final String PRIVATE_KEY = "private_key_jwt";

    static Client of(RegisteredClient client) {
        return new Client(client.id(), client.secret(), client.key(), Optional.empty(), false);
    }

    /** No client at all, where what it shows says enough (RFC 7521 section 4.1). */
    static Client unnamed() {
        return new Client("", Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    /**
     * How to authenticate: as agreed if the server still has it, else the first of the ways that both have. A server
     * that does not say what it has, has {@code client_secret_basic} (RFC 8414 section 2).
     */
    String methodAt(ServerMetadata server) {
        if (key.isPresent()) {
            return PRIVATE_KEY;
        }
        Optional<List<String>> has = server.authenticationMethods();
        Optional<String> agreed = method.filter(
                        each -> has.isEmpty() || has.get().contains(each))
                .filter(each -> each.equals(NONE) || (secret.isPresent() && (each.equals(BASIC) || each.equals(POST))));
        if (agreed.isPresent()) {
            return agreed.get();
        }
        if (secret.isEmpty()) {
            return NONE;
        }
        List<String> known = has.orElse(List.of(BASIC));
        if (known.contains(BASIC)) {
            return BASIC;
        }
        if (known.contains(POST)) {
            return POST;
        }
        return known.contains(NONE) ? NONE : BASIC;
    }

    @Override
    public String toString() {
        return "Client[" + id + "]";
    }
}
