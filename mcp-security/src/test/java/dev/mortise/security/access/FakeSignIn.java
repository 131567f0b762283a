package dev.mortise.security.access;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.http.HttpRoute;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Browsers that have signed in, by their cookies. */
final class FakeSignIn implements SignIn {
    private final Map<String, SignedIn> people = new ConcurrentHashMap<>();

    void signIn(String cookie, String subject, String tenant, Instant at, String... scopes) {
        Caller caller = Caller.of(subject).withTenant(tenant).withScopes(Set.of(scopes));
        people.put(cookie, new SignedIn(caller, at, cookie));
    }

    @Override
    public Optional<SignedIn> current(HttpRoute.Request request) {
        return request.head().header("Cookie").map(people::get);
    }

    @Override
    public HttpRoute.Response begin(HttpRoute.Request request, URI returnTo) {
        return new HttpRoute.Response(
                303, "text/plain", new byte[0], Map.of("Location", "https://id.example.com/?to=" + returnTo));
    }
}
