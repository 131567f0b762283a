package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.TokenStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What all ways to authorize have in common.
 *
 * @param server the MCP server; without it, the first one that is called
 * @param issuer the one authorization server to authorize at; without it, the one that the server names
 * @param scopes what to ask for beyond what the server says
 * @param mustBind whether tokens that are not bound to a key are refused
 * @param deadline for one request to an authorization server
 * @param patience for another thread or process that authorizes
 */
public record Settings(
        Optional<URI> server,
        Optional<String> issuer,
        TokenStore store,
        String account,
        Set<String> scopes,
        boolean mustBind,
        HttpClient client,
        boolean privateNetwork,
        boolean plainHttp,
        Duration deadline,
        Duration patience,
        Clock clock) {}
