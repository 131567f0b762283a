package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What an authorization server says about itself (RFC 8414 section 2).
 *
 * @param announced false where the server has no such document and its endpoints are those of revision 2025-03-26
 * @param challengeMethods the ways of PKCE that it knows
 * @param authenticationMethods how clients may authenticate at the token endpoint, if it says so
 * @param clientDocuments whether a client id may be the URL of a document
 * @param namesIssuer whether its authorization responses name the issuer (RFC 9207)
 * @param dpopAlgorithms algorithms that proofs of possession may be signed with; none if it binds no tokens
 */
record ServerMetadata(
        String issuer,
        boolean announced,
        Optional<URI> authorizationEndpoint,
        Optional<URI> tokenEndpoint,
        Optional<URI> registrationEndpoint,
        List<String> scopes,
        Optional<List<String>> challengeMethods,
        Optional<List<String>> grantTypes,
        Optional<List<String>> authenticationMethods,
        boolean clientDocuments,
        boolean namesIssuer,
        List<String> dpopAlgorithms) {

    static ServerMetadata of(Document document, String issuer) {
        return new ServerMetadata(
                issuer,
                true,
                document.uri("authorization_endpoint"),
                document.uri("token_endpoint"),
                document.uri("registration_endpoint"),
                document.texts("scopes_supported").orElse(List.of()),
                document.texts("code_challenge_methods_supported"),
                document.texts("grant_types_supported"),
                document.texts("token_endpoint_auth_methods_supported"),
                document.isTrue("client_id_metadata_document_supported"),
                document.isTrue("authorization_response_iss_parameter_supported"),
                document.texts("dpop_signing_alg_values_supported").orElse(List.of()));
    }

    /** The endpoints of a server of revision 2025-03-26 that has no metadata (Fallbacks for Servers without Metadata). */
    static ServerMetadata byDefault(String origin) {
        return new ServerMetadata(
                origin,
                false,
                Optional.of(URI.create(origin + "/authorize")),
                Optional.of(URI.create(origin + "/token")),
                Optional.of(URI.create(origin + "/register")),
                List.of(),
                Optional.of(List.of(Pkce.METHOD)),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                List.of());
    }

    /** A server of which nothing is known but its token endpoint; it stands in for the issuer. */
    static ServerMetadata atTokenEndpoint(URI url) {
        return new ServerMetadata(
                url.toString(),
                false,
                Optional.empty(),
                Optional.of(url),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                List.of());
    }

    URI requireTokenEndpoint() throws AuthorizationException {
        return tokenEndpoint.orElseThrow(() -> new AuthorizationException(
                Reason.DISCOVERY, "The authorization server " + issuer + " names no token endpoint"));
    }

    boolean bindsTokens() {
        return dpopAlgorithms.contains(DpopKey.ALGORITHM);
    }
}
