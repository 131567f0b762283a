package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.client.auth.RegisteredClient;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** A way to get tokens. Called by one thread at a time for one server. */
public interface Grant {
    /** An answer of a token endpoint, and who asked. */
    record Granted(Document answer, Client client) {}

    /** Whether each authorization costs a user's attention. */
    boolean asksUser();

    /** The authorization server that its client belongs to, if that was stated. */
    Optional<String> issuer();

    /** Whether the authorization server sees something that it could use elsewhere in the client's place. */
    boolean showsSecret();

    /** Gets tokens. */
    Granted obtain(Scene scene, Set<String> scopes) throws IOException;

    /** The client that could renew tokens, without registering one. */
    Optional<Client> known(Scene scene) throws IOException;

    /** Keeps what is stored for different ways to authorize apart. */
    String name();

    /**
     * A client with an id from elsewhere, if it belongs to this authorization server (client registration:
     * Authorization Server Binding).
     */
    static Client bound(RegisteredClient registered, Scene scene) throws IOException {
        checkBound(registered.id(), registered.issuer(), scene);
        return Client.of(registered);
    }

    /** @param id empty where there is no client, so that it is the server that got to know another issuer */
    static void checkBound(String id, Optional<String> stated, Scene scene) throws IOException {
        String actual = scene.metadata().issuer();
        Optional<String> own = stated.isPresent() ? stated : scene.vault().issuerOf(id, Uris.canonical(scene.server()));
        if (own.isPresent() && !own.get().equals(actual)) {
            throw new AuthorizationException(
                    Reason.ISSUER_MISMATCH,
                    "The server " + scene.server() + " now names the authorization server " + actual
                            + (id.isEmpty() ? ", but before it was " : ", but the client " + id + " is registered at ")
                            + own.get());
        }
    }

    /** The authorization server knew the client: it belongs there from now on. */
    static void bind(RegisteredClient registered, Scene scene) throws IOException {
        if (registered.issuer().isEmpty()) {
            bind(registered.id(), scene);
        }
    }

    /** @param id empty where there is no client */
    static void bind(String id, Scene scene) throws IOException {
        scene.vault().bind(id, Uris.canonical(scene.server()), scene.metadata().issuer());
    }
}
