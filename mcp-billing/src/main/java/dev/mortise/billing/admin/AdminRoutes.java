package dev.mortise.billing.admin;

import dev.mortise.billing.books.Command;
import dev.mortise.billing.books.Conflict;
import dev.mortise.billing.books.NotThere;
import dev.mortise.billing.subscription.InvalidChange;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.StoreUnavailable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may administer, what was asked, and how that is answered: the same for all routes. */
final class AdminRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);
    private static final Pattern KEY = Pattern.compile("\"?([\\x21\\x23-\\x7e]{1,128})\"?");

    private final String base;
    private final Authenticator authenticator;
    private final AdministrationAudit audit;
    private final Clock clock;

    /** Something that is only looked at. */
    @FunctionalInterface
    interface Look {
        /** @return an {@link HttpRoute.Response}, or what becomes JSON */
        Object run(Caller administrator, Input input);
    }

    /** Something that changes. */
    @FunctionalInterface
    interface Change {
        Object run(Command command, Input input);
    }

    AdminRoutes(String base, Authenticator authenticator, AdministrationAudit audit, Clock clock) {
        this.base = base;
        this.authenticator = authenticator;
        this.audit = audit;
        this.clock = clock;
    }

    HttpRoute get(String path, Look look) {
        return HttpRoute.get(
                base + path,
                request -> guarded(() -> admitted(request, path, caller -> {
                    Input input = Input.ofQuery(request.head().query().orElse(""));
                    return ok(look.run(caller, input));
                })));
    }

    /** Changes are for administrators of all tenants: nobody gives credits to themselves. */
    HttpRoute post(String path, Change change) {
        return HttpRoute.post(
                base + path,
                request -> guarded(() -> admitted(request, path, caller -> {
                    if (caller.tenant().isPresent()) {
                        return denied(caller, path, request);
                    }
                    Command command = command(caller, path, request);
                    return changed(caller, path, command, Input.ofBody(request.body()), change);
                })));
    }

    private interface Answer {
        HttpRoute.Response give();
    }

    private interface ForCaller {
        HttpRoute.Response give(Caller caller);
    }

    private HttpRoute.Response changed(Caller caller, String path, Command command, Input input, Change change) {
        String action = "POST " + base + path;
        record(caller, action, input.target(), command, AdministrationAudit.Outcome.BEGUN);
        AdministrationAudit.Outcome outcome = AdministrationAudit.Outcome.FAILED;
        try {
            HttpRoute.Response response = ok(change.run(command, input));
            outcome = AdministrationAudit.Outcome.DONE;
            return response;
        } finally {
            try {
                record(caller, action, input.target(), command, outcome);
            } catch (RuntimeException e) {
                // That it was begun is on record, and it is done: who asked is to know that.
                LOG.error("How {} ended could not be audited: {}", action, outcome, e);
            }
        }
    }

    private void record(
            Caller caller,
            String action,
            @Nullable String target,
            @Nullable Command command,
            AdministrationAudit.Outcome outcome) {
        audit.record(new AdministrationAudit.Event(
                clock.instant(), caller.identity(), action, target, command == null ? null : command.id(), outcome));
    }

    private HttpRoute.Response admitted(HttpRoute.Request request, String path, ForCaller answer) {
        return switch (authenticator.authenticate(request.head())) {
            case Authenticator.Admission.Rejected rejected -> rejected(rejected.refusal());
            case Authenticator.Admission.Admitted admitted -> {
                Caller caller = admitted.caller();
                yield caller.scopes().contains(AdministratorApi.ADMIN)
                        ? answer.give(caller)
                        : denied(caller, path, request);
            }
        };
    }

    private HttpRoute.Response denied(Caller caller, String path, HttpRoute.Request request) {
        record(caller, request.head().method() + " " + base + path, null, null, AdministrationAudit.Outcome.DENIED);
        return error(
                403,
                "This takes the scope " + AdministratorApi.ADMIN + ", and for changes an administrator of all tenants",
                Map.of(
                        "WWW-Authenticate",
                        "Bearer error=\"insufficient_scope\", scope=\"" + AdministratorApi.ADMIN + "\""));
    }

    /** The key belongs to whoever sends it: another's is another one. */
    private Command command(Caller caller, String path, HttpRoute.Request request) {
        String field = request.head().header("Idempotency-Key").orElse("");
        var key = KEY.matcher(field);
        if (!key.matches()) {
            throw new Input.Invalid("A change takes the field Idempotency-Key, of 1 to 128 visible characters, so that"
                    + " it can be sent again");
        }
        byte[] head = (base + path + "\n").getBytes(StandardCharsets.UTF_8);
        return new Command(
                sha256((caller.identity() + "\n" + key.group(1)).getBytes(StandardCharsets.UTF_8)),
                sha256(head, request.body()));
    }

    private static String sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static HttpRoute.Response guarded(Answer answer) {
        try {
            return answer.give();
        } catch (NotThere e) {
            return error(404, String.valueOf(e.getMessage()), Map.of());
        } catch (Conflict | InvalidChange e) {
            return error(409, String.valueOf(e.getMessage()), Map.of());
        } catch (ArithmeticException e) {
            return error(400, "An amount is too large", Map.of());
        } catch (IllegalArgumentException e) {
            return error(400, String.valueOf(e.getMessage()), Map.of());
        } catch (StoreUnavailable e) {
            LOG.warn("Administration needs a database that does not answer", e);
            return error(503, "Something this needs is unavailable", Map.of("Retry-After", "5"));
        } catch (RuntimeException e) {
            LOG.error("Administration failed", e);
            return error(503, "Something this needs is unavailable", Map.of("Retry-After", "5"));
        }
    }

    private static HttpRoute.Response rejected(Refusal refusal) {
        return switch (refusal) {
            case Refusal.Unauthenticated unauthenticated -> {
                Map<String, String> headers = new LinkedHashMap<>(unauthenticated.headers());
                if (!unauthenticated.challenges().isEmpty()) {
                    headers.put("WWW-Authenticate", String.join(", ", unauthenticated.challenges()));
                }
                yield error(401, unauthenticated.message(), headers);
            }
            case Refusal.Malformed malformed -> error(400, malformed.message(), malformed.headers());
            case Refusal.Custom custom -> error(custom.status(), custom.message(), Map.of());
            case Refusal.RateLimited limited -> {
                Map<String, String> headers = new LinkedHashMap<>(limited.headers());
                headers.put("Retry-After", seconds(limited.retryAfter()));
                yield error(429, "Too many requests", headers);
            }
            default -> error(503, "Who you are cannot be found out just now", Map.of("Retry-After", "5"));
        };
    }

    private static String seconds(Duration time) {
        return Long.toString(Math.max(1, Math.ceilDiv(time.toMillis(), 1000)));
    }

    private static HttpRoute.Response ok(Object result) {
        return result instanceof HttpRoute.Response response ? response : answer(200, Json.write(result), Map.of());
    }

    private static HttpRoute.Response error(int status, String text, Map<String, String> headers) {
        return answer(status, Json.write(Json.object().put("error", text)), headers);
    }

    /** For nobody but whoever asked. */
    private static HttpRoute.Response answer(int status, byte[] body, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Cache-Control", "no-store");
        return new HttpRoute.Response(status, "application/json", body, all);
    }
}
