package dev.mortise.mcp.client.auth;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client that an authorization server knows already, and how it proves who it is. Immutable; its text form has no
 * secret in it.
 */
public final class RegisteredClient {
    private final String id;
    private final @Nullable String secret;
    private final @Nullable SigningKey key;
    private final @Nullable String issuer;

    private RegisteredClient(String id, @Nullable String secret, @Nullable SigningKey key, @Nullable String issuer) {
        if (id.isBlank()) {
            throw new IllegalArgumentException("A client id has something in it");
        }
        this.id = id;
        this.secret = secret;
        this.key = key;
        this.issuer = issuer;
    }

    /** A client that has no secret: one that runs on its user's machine. */
    public static RegisteredClient withoutSecret(String id) {
        return new RegisteredClient(id, null, null, null);
    }

    /** A client with a secret ({@code client_secret_basic} or {@code client_secret_post}, as the server has it). */
    public static RegisteredClient withSecret(String id, String secret) {
        return new RegisteredClient(id, secret, null, null);
    }

    /** A client that signs ({@code private_key_jwt}): nothing that could be stolen on the way leaves it. */
    public static RegisteredClient withKey(String id, SigningKey key) {
        return new RegisteredClient(id, null, key, null);
    }

    /**
     * The same client, for this authorization server alone. A client with a secret has to have it, or
     * {@link OAuthBuilder#issuer}; one without belongs to the first authorization server that took it.
     *
     * @param issuer exactly as the authorization server writes it
     */
    public RegisteredClient at(String issuer) {
        return new RegisteredClient(id, secret, key, issuer);
    }

    public String id() {
        return id;
    }

    public Optional<String> secret() {
        return Optional.ofNullable(secret);
    }

    public Optional<SigningKey> key() {
        return Optional.ofNullable(key);
    }

    /** The authorization server that knows it. */
    public Optional<String> issuer() {
        return Optional.ofNullable(issuer);
    }

    @Override
    public String toString() {
        return "RegisteredClient[" + id + "]";
    }
}
