package dev.mortise.security.auth;

import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an endpoint says about itself to those who want tokens for it (RFC 9728 section 2; Authorization Server
 * Discovery). Immutable.
 *
 * @param authorizationServers their issuer identifiers, at least one
 * @param scopes the least that basic use takes; a 401 asks for them. Empty for none
 * @param name for people; empty for none
 */
public record ResourceMetadata(
        ProtectedResource resource, List<URI> authorizationServers, List<String> scopes, String name) {
    private static final Map<String, String> HEADERS =
            Map.of("Cache-Control", "public, max-age=300", "X-Content-Type-Options", "nosniff");

    public ResourceMetadata {
        authorizationServers = List.copyOf(authorizationServers);
        scopes = List.copyOf(new TreeSet<>(scopes));
        if (authorizationServers.isEmpty()) {
            throw new IllegalArgumentException(
                    "The metadata of " + resource.uri() + " name at least one authorization server");
        }
        for (String scope : scopes) {
            if (!ScopeText.isToken(scope)) {
                throw new IllegalArgumentException("No scope (RFC 6749 section 3.3): \"" + scope + '"');
            }
            if (scope.equals("offline_access")) {
                throw new IllegalArgumentException(
                        "offline_access is between client and authorization server, and no scope of a server");
            }
        }
    }

    public static ResourceMetadata of(String resource, String authorizationServer, String... scopes) {
        return new ResourceMetadata(
                ProtectedResource.of(resource), List.of(URI.create(authorizationServer)), List.of(scopes), "");
    }

    public ResourceMetadata named(String newName) {
        return new ResourceMetadata(resource, authorizationServers, scopes, newName);
    }

    ObjectNode json(List<String> dpopAlgorithms, boolean boundOnly, boolean certificates) {
        ObjectNode json = Json.object().put("resource", resource.uri().toString());
        authorizationServers.forEach(
                server -> json.withArray("authorization_servers").add(server.toString()));
        json.putArray("bearer_methods_supported").add("header");
        if (!scopes.isEmpty()) {
            scopes.forEach(json.putArray("scopes_supported")::add);
        }
        if (!name.isEmpty()) {
            json.put("resource_name", name);
        }
        if (!dpopAlgorithms.isEmpty()) {
            dpopAlgorithms.forEach(json.putArray("dpop_signing_alg_values_supported")::add);
            json.put("dpop_bound_access_tokens_required", boundOnly && !certificates);
        }
        if (certificates) {
            json.put("tls_client_certificate_bound_access_tokens", true);
        }
        return json;
    }

    /**
     * The routes of all documents: each at its well-known path, and at the root where a host has only one endpoint.
     * One path may belong to several hosts.
     */
    static List<HttpRoute> routes(Map<ResourceMetadata, ObjectNode> documents) {
        Map<String, Map<String, byte[]>> byPath = new LinkedHashMap<>();
        documents.forEach((metadata, document) -> {
            byte[] json = Json.write(document);
            URI uri = metadata.resource().uri();
            String path = metadata.resource().metadataPath();
            byPath.computeIfAbsent(path, ignored -> new LinkedHashMap<>()).put(authority(uri), json);
            long onThisHost = documents.keySet().stream()
                    .filter(each -> authority(each.resource().uri()).equals(authority(uri)))
                    .count();
            if (onThisHost == 1) {
                byPath.computeIfAbsent(ProtectedResource.WELL_KNOWN, ignored -> new LinkedHashMap<>())
                        .put(authority(uri), json);
            }
        });
        List<HttpRoute> routes = new ArrayList<>();
        byPath.forEach((path, byHost) -> routes.add(HttpRoute.get(path, request -> {
            byte[] json = byHost.size() == 1
                    ? byHost.values().iterator().next()
                    : byHost.get(authority(request.head().uri()));
            return json == null
                    ? HttpRoute.Response.text(404, "Not found")
                    : new HttpRoute.Response(200, "application/json", json, HEADERS);
        })));
        return List.copyOf(routes);
    }

    private static String authority(URI uri) {
        int port = uri.getPort() == 443 || uri.getPort() == 80 ? -1 : uri.getPort();
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        return port < 0 ? host : host + ":" + port;
    }
}
