package dev.mortise.examples.production.console;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import dev.mortise.security.Credential;
import dev.mortise.security.audit.AuditTrail;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Signing in with a key, which is sent this once, and signing out. */
final class SignInRoutes {
    private static final int MOST_KEY = 512;

    private final String path;
    private final Door door;
    private final Sessions sessions;
    private final SessionCookie cookie;
    private final SignIns signIns;
    private final WrongKeys wrong;

    SignInRoutes(String base, Door door, Sessions sessions, SessionCookie cookie, AuditTrail audit, Clock clock) {
        this.path = base + "/session";
        this.door = door;
        this.sessions = sessions;
        this.cookie = cookie;
        this.signIns = new SignIns(audit, clock);
        this.wrong = new WrongKeys(clock);
    }

    List<HttpRoute> routes() {
        return List.of(
                HttpRoute.post(path, Door.open(this::begin)),
                HttpRoute.get(path, this::who),
                HttpRoute.post(path + "/end", Door.open(this::end)));
    }

    /** How the page shows who is signed in. */
    record View(String subject, Optional<String> tenant, String reach, List<String> scopes, long idleSeconds) {}

    /** Who is signed in; {@code null} if nobody is, which is no error of the page that asks. */
    private HttpRoute.Response who(HttpRoute.Request request) {
        HttpRoute.Response response = door.attended((asked, visitor) -> Answers.ok(view(visitor.caller())))
                .handle(request);
        if (response.status() != 401) {
            return response;
        }
        return new HttpRoute.Response(
                200, response.contentType(), "null".getBytes(StandardCharsets.UTF_8), response.headers());
    }

    private static View view(Caller caller) {
        return new View(
                caller.subject(),
                caller.tenant(),
                caller.get(Credential.ATTRIBUTE).orElseThrow().reach().name(),
                caller.scopes().stream().sorted().toList(),
                Sessions.IDLE.toSeconds());
    }

    private HttpRoute.Response begin(HttpRoute.Request request) {
        String address = request.head().remoteAddress();
        Optional<Duration> wait = wrong.wait(address);
        if (wait.isPresent()) {
            return Door.tooMany(wait.get());
        }
        String key = key(request.body());
        if (!isPlausible(key)) {
            wrong.count(address);
            return Answers.error(401, "This key is not good here");
        }
        return switch (door.administrator(new KeyHead(request.head(), key))) {
            case Door.Entry.Refused refused -> {
                if (refused.response().status() < 429) {
                    wrong.count(address);
                }
                yield refused.response();
            }
            case Door.Entry.Granted granted -> {
                signIns.record(granted.caller(), "POST " + path);
                Session session = sessions.begin(key);
                yield Answers.with(
                        Answers.ok(view(granted.caller())),
                        "Set-Cookie",
                        cookie.set(sessions.sealed(session), Sessions.IDLE));
            }
        };
    }

    private static String key(byte[] body) {
        try {
            JsonNode key = Json.read(body).path("key");
            return key.isString() ? key.stringValue().strip() : "";
        } catch (Json.InvalidJson e) {
            return "";
        }
    }

    /** What could stand in a header. */
    private static boolean isPlausible(String key) {
        return !key.isEmpty() && key.length() <= MOST_KEY && key.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    private HttpRoute.Response end(HttpRoute.Request request) {
        cookie.read(request.head()).flatMap(sessions::open).ifPresent(sessions::end);
        return Answers.with(Answers.ok(Map.of()), "Set-Cookie", cookie.clear());
    }
}
