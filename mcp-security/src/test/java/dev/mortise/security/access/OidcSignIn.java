package dev.mortise.security.access;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * A sign-in by OpenID Connect as a host would write it: the authorization code flow with PKCE left out for brevity, state and
 * nonce bound to the browser, {@code prompt=login} and {@code auth_time}. The ID token comes from the token endpoint
 * itself, so its signature need not be checked (OpenID Connect Core section 3.1.3.7, item 6).
 */
final class OidcSignIn implements SignIn {
    private final SecureRandom random = new SecureRandom();
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI provider;
    private final URI callback;
    private final String client;
    private final Map<String, URI> begun = new ConcurrentHashMap<>();
    private final Map<String, SignedIn> sessions = new ConcurrentHashMap<>();

    OidcSignIn(URI provider, URI callback, String client) {
        this.provider = provider;
        this.callback = callback;
        this.client = client;
    }

    private String secret() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public Optional<SignedIn> current(HttpRoute.Request request) {
        return cookie(request, "session").map(sessions::get);
    }

    @Override
    public HttpRoute.Response begin(HttpRoute.Request request, URI returnTo) {
        String state = secret();
        begun.put(state, returnTo);
        URI to = URI.create(provider + "/authorize?response_type=code&prompt=login&scope=openid&client_id=" + client
                + "&redirect_uri=" + encoded(callback.toString()) + "&state=" + state + "&nonce=" + state);
        return redirect(to, "begun=" + state + "; HttpOnly; SameSite=Lax; Path=/");
    }

    @Override
    public List<HttpRoute> routes() {
        return List.of(HttpRoute.get(callback.getPath(), this::back));
    }

    private HttpRoute.Response back(HttpRoute.Request request) {
        Map<String, String> query = Form.parse(request.head().query().orElse(""));
        String state = query.getOrDefault("state", "");
        // The browser that comes back is the one that was sent away.
        URI returnTo = cookie(request, "begun")
                .filter(state::equals)
                .map(begun::remove)
                .orElse(null);
        if (returnTo == null) {
            return HttpRoute.Response.text(400, "This sign-in was not begun here");
        }
        JsonNode claims = claims(query.getOrDefault("code", ""));
        if (!claims.path("iss").asString("").equals(provider.toString())
                || !claims.path("aud").asString("").equals(client)
                || !claims.path("nonce").asString("").equals(state)) {
            return HttpRoute.Response.text(400, "This sign-in is not good");
        }
        String session = secret();
        Caller caller = Caller.of(claims.path("sub").asString())
                .withTenant(claims.path("tenant").asString());
        Instant at = Instant.ofEpochSecond(claims.path("auth_time").asLong());
        sessions.put(session, new SignedIn(caller, at, session));
        return redirect(returnTo, "session=" + session + "; HttpOnly; SameSite=Lax; Path=/");
    }

    private JsonNode claims(String code) {
        HttpRequest exchange = HttpRequest.newBuilder(URI.create(provider + "/token"))
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=authorization_code&code=" + encoded(code)))
                .build();
        try {
            String answer =
                    http.send(exchange, HttpResponse.BodyHandlers.ofString()).body();
            String token = Json.parse(answer).path("id_token").asString("");
            byte[] payload = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
            return Json.parse(new String(payload, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Json.object();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Json.object();
        }
    }

    private static HttpRoute.Response redirect(URI to, String cookie) {
        return new HttpRoute.Response(
                303, "text/plain", new byte[0], Map.of("Location", to.toString(), "Set-Cookie", cookie));
    }

    private static Optional<String> cookie(HttpRoute.Request request, String name) {
        return request.head().headers("Cookie").stream()
                .flatMap(line -> List.of(line.split(";")).stream())
                .map(String::strip)
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
