package dev.mortise.examples.production.console;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.security.Credential;
import dev.mortise.security.admin.AdministratorApi;
import dev.mortise.security.audit.AuditUnavailable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Lets the console's page in, as the administrator whose key was entered there. The key is asked about at every request:
 * what was revoked ends the session, too. Thread-safe.
 */
final class Door {
    /** So that not every answer sets the cookie anew. */
    private static final Duration RENEWED_AFTER = Duration.ofSeconds(30);

    private final Sessions sessions;
    private final SessionCookie cookie;
    private final Authenticator authenticator;

    Door(Sessions sessions, SessionCookie cookie, Authenticator authenticator) {
        this.sessions = sessions;
        this.cookie = cookie;
        this.authenticator = authenticator;
    }

    /** Whoever is let in. */
    record Visitor(Caller caller, Session session) {}

    /** What is behind the door. */
    @FunctionalInterface
    interface Work {
        /** @param request as the administrator's client would have sent it */
        HttpRoute.Response answer(HttpRoute.Request request, Visitor visitor);
    }

    /** For what somebody asks for: the session lasts longer by it. */
    HttpRoute.Handler attended(Work work) {
        return request -> answer(request, work, true);
    }

    /** For what the page asks for by itself, whether somebody sits in front of it or not. */
    HttpRoute.Handler unattended(Work work) {
        return request -> answer(request, work, false);
    }

    /** What needs no session, but the page. */
    static HttpRoute.Handler open(HttpRoute.Handler work) {
        return request -> guarded(request, work);
    }

    private HttpRoute.Response answer(HttpRoute.Request request, Work work, boolean attended) {
        return guarded(request, own -> {
            Session session =
                    cookie.read(request.head()).flatMap(sessions::open).orElse(null);
            if (session == null) {
                return signedOut("Please sign in");
            }
            HttpHead head = new KeyHead(request.head(), session.key());
            return switch (administrator(head)) {
                case Entry.Refused refused ->
                    refused.response().status() == 401 || refused.response().status() == 403
                            ? signedOut("The key that you signed in with is not good any more")
                            : refused.response();
                case Entry.Granted granted -> {
                    HttpRoute.Request asked = new HttpRoute.Request(head, request.body());
                    HttpRoute.Response response = work.answer(asked, new Visitor(granted.caller(), session));
                    yield attended ? renewed(session, response) : response;
                }
            };
        });
    }

    private HttpRoute.Response renewed(Session session, HttpRoute.Response response) {
        Session now = sessions.renewed(session);
        if (response.headers().containsKey("Set-Cookie")
                || Duration.between(session.seen(), now.seen()).compareTo(RENEWED_AFTER) < 0) {
            return response;
        }
        return Answers.with(response, "Set-Cookie", cookie.set(sessions.sealed(now), sessions.left(now)));
    }

    private HttpRoute.Response signedOut(String why) {
        return Answers.error(401, why, Map.of("Set-Cookie", cookie.clear()));
    }

    private static HttpRoute.Response guarded(HttpRoute.Request request, HttpRoute.Handler work) {
        Optional<String> objection = OwnPage.objection(request);
        if (objection.isPresent()) {
            return Answers.error(403, objection.get());
        }
        try {
            return work.handle(request);
        } catch (StoreUnavailable | AuditUnavailable e) {
            return Answers.error(503, "Something this needs is unavailable", Map.of("Retry-After", "5"));
        }
    }

    /** Whether a key is an administrator's. */
    sealed interface Entry {
        record Granted(Caller caller) implements Entry {}

        record Refused(HttpRoute.Response response) implements Entry {}
    }

    Entry administrator(HttpHead head) {
        return switch (authenticator.authenticate(head)) {
            case Authenticator.Admission.Rejected rejected -> new Entry.Refused(refused(rejected.refusal()));
            case Authenticator.Admission.Admitted admitted ->
                administers(admitted.caller())
                        ? new Entry.Granted(admitted.caller())
                        : new Entry.Refused(Answers.error(403, "This key is not an administrator's"));
        };
    }

    /** As the administrator API has it: a key that is for some tools is for nothing else. */
    private static boolean administers(Caller caller) {
        return caller.scopes().contains(AdministratorApi.ADMIN)
                && caller.get(Credential.ATTRIBUTE)
                        .filter(credential -> credential.tools() == null)
                        .isPresent();
    }

    private static HttpRoute.Response refused(Refusal refusal) {
        return switch (refusal) {
            case Refusal.Unauthenticated wrong -> Answers.error(401, "This key is not good here");
            case Refusal.Malformed wrong -> Answers.error(401, "This key is not good here");
            case Refusal.RateLimited limited -> tooMany(limited.retryAfter());
            default -> Answers.error(503, "Something this needs is unavailable", Map.of("Retry-After", "5"));
        };
    }

    static HttpRoute.Response tooMany(Duration wait) {
        String seconds = Long.toString(Math.max(1, Math.ceilDiv(wait.toMillis(), 1_000)));
        return Answers.error(429, "Too many requests; try again in " + seconds + " s", Map.of("Retry-After", seconds));
    }
}
