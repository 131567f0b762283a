package dev.mortise.examples.production.console;

import dev.mortise.billing.books.Books;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.health.Health;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.security.Security;
import dev.mortise.security.audit.AuditTrail;
import dev.mortise.security.standing.RevokedCredentials;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * The page for administrators: a skin over what the server offers anyway. Whoever is signed in asks the administrator
 * routes and the endpoint with the own key, which the browser holds and cannot read. Thread-safe.
 */
public final class Console implements AutoCloseable {
    private static final String PAGE = "/console";
    private static final String API = PAGE + "/api";
    private static final String ADMINISTRATION = "/admin/";

    private final List<HttpRoute> routes = new ArrayList<>();
    private final History history;

    private Console(Parts parts, McpServer server) {
        Clock clock = Clock.systemUTC();
        Sessions sessions = new Sessions(parts.seal(), parts.resource().toString(), parts.ended(), clock);
        SessionCookie cookie =
                SessionCookie.ofConsole("https".equals(parts.resource().getScheme()));
        Door door = new Door(sessions, cookie, parts.security().authenticator());
        history = new History(parts.registry(), clock).start();
        Live live = new Live(
                history, parts.registry(), parts.health(), parts.security().approvals());
        routes.addAll(PageFiles.routes(PAGE));
        routes.addAll(new SignInRoutes(API, door, sessions, cookie, parts.audit(), clock).routes());
        routes.add(HttpRoute.get(API + "/live", door.unattended(live::answer)));
        routes.add(HttpRoute.get(API + "/revenue", door.attended(new Revenue(parts.books())::answer)));
        routes.add(HttpRoute.post(
                API + "/mcp", door.attended((request, visitor) -> PageExchange.through(server::handle, request))));
        for (HttpRoute route : server.routes()) {
            if (route.path().startsWith(ADMINISTRATION)) {
                routes.add(new HttpRoute(
                        route.method(),
                        API + route.path(),
                        false,
                        door.attended((request, visitor) -> route.handler().handle(request))));
            }
        }
    }

    /**
     * What the console looks at.
     *
     * @param seal 32 bytes, the same on all replicas, for this purpose alone
     * @param ended where those are remembered who signed out
     * @param resource the endpoint as clients know it
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Parts(
            Security security,
            AuditTrail audit,
            Health health,
            MeterRegistry registry,
            Books books,
            RevokedCredentials ended,
            byte[] seal,
            URI resource) {}

    /** Opens it over a server, whose routes it shows; it looks at the meters until it is closed. */
    public static Console over(McpServer server, Parts parts) {
        return new Console(parts, server);
    }

    /** To be mounted beside those of the server. */
    public List<HttpRoute> routes() {
        return List.copyOf(routes);
    }

    @Override
    public void close() {
        history.close();
    }
}
