package dev.mortise.mcp.client.auth;

import java.util.function.Supplier;

/**
 * The ways in which a client is let into a protected server. Each finds the authorization server, gets tokens when the
 * server asks for them, renews them, and keeps them where they belong.
 *
 * <pre>{@code
 * HttpAuthorization authorization = OAuth.authorizationCode()
 *         .clientMetadataDocument(URI.create("https://app.example/client.json"))
 *         .tokens(TokenStore.encryptedFile(file, key))
 *         .build();
 * }</pre>
 */
public final class OAuth {
    private OAuth() {}

    /** A user lets the client in, in a browser (basic/authorization). */
    public static AuthorizationCodeBuilder authorizationCode() {
        return new AuthorizationCodeBuilder();
    }

    /**
     * The client speaks for itself, with a secret (extension: OAuth Client Credentials), at the authorization server
     * that {@link OAuthBuilder#issuer} says.
     */
    public static ClientCredentialsBuilder clientCredentials(String clientId, String secret) {
        return clientCredentials(RegisteredClient.withSecret(clientId, secret));
    }

    /** The client speaks for itself, with a key: better than a secret, because the key never leaves it. */
    public static ClientCredentialsBuilder clientCredentials(String clientId, SigningKey key) {
        return clientCredentials(RegisteredClient.withKey(clientId, key));
    }

    /**
     * The client speaks for itself.
     *
     * @throws IllegalArgumentException if it has neither a secret nor a key
     */
    public static ClientCredentialsBuilder clientCredentials(RegisteredClient client) {
        if (client.secret().isEmpty() && client.key().isEmpty()) {
            throw new IllegalArgumentException("A client that speaks for itself has a secret or a key");
        }
        return new ClientCredentialsBuilder(client);
    }

    /**
     * An enterprise lets its users in: its identity provider vouches for them at the server's authorization server
     * (extension: Enterprise-Managed Authorization, also known as cross-app access).
     *
     * @param subject what the identity provider gave when the user signed in to this application; asked for each time
     */
    public static EnterpriseManagedBuilder enterpriseManaged(
            IdentityProvider provider, Supplier<SubjectToken> subject) {
        return new EnterpriseManagedBuilder(provider, subject);
    }

    /**
     * The platform vouches for the program that runs on it (workload identity federation, RFC 7523), at the
     * authorization server that {@link OAuthBuilder#issuer} says.
     */
    public static WorkloadIdentityBuilder workloadIdentity(WorkloadToken token) {
        return new WorkloadIdentityBuilder(token);
    }
}
