package dev.mortise.security.admin;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.security.Credential;
import dev.mortise.security.access.Form;
import dev.mortise.security.access.ScopeHierarchy;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditTrail;
import dev.mortise.security.audit.AuditUnavailable;
import dev.mortise.security.key.ApiKeys;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Who may administer, what was asked, and how that is answered: the same for all routes. */
final class AdminRoutes {
    private final String base;
    private final Authenticator authenticator;
    private final ScopeHierarchy hierarchy;
    private final AuditTrail audit;
    private final Clock clock;

    /** The work of one route. */
    @FunctionalInterface
    interface Work {
        /** @throws IllegalArgumentException if the input does not fit, in words for whoever sent it */
        Object run(Caller administrator, Input input);
    }

    /** What was asked for does not exist for this administrator. */
    static final class NotFound extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** What was asked for cannot be done as things are. */
    static final class Conflict extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Conflict(String message) {
            super(message);
        }
    }

    AdminRoutes(String base, Authenticator authenticator, ScopeHierarchy hierarchy, AuditTrail audit, Clock clock) {
        this.base = base;
        this.authenticator = authenticator;
        this.hierarchy = hierarchy;
        this.audit = audit;
        this.clock = clock;
    }

    HttpRoute get(String path, String scope, Work work) {
        return HttpRoute.get(
                base + path, request -> answer(request, path, scope, work, () -> Input.of(query(request))));
    }

    HttpRoute post(String path, String scope, Work work) {
        return HttpRoute.post(base + path, request -> answer(request, path, scope, work, () -> body(request)));
    }

    private interface Reader {
        Input read();
    }

    private static Map<String, String> query(HttpRoute.Request request) {
        return Form.parse(request.head().query().orElse(""));
    }

    private static Input body(HttpRoute.Request request) {
        try {
            return new Input(Json.read(request.body()));
        } catch (Json.InvalidJson e) {
            throw new IllegalArgumentException("The body must be one JSON object");
        }
    }

    private HttpRoute.Response answer(HttpRoute.Request request, String path, String scope, Work work, Reader reader) {
        try {
            return switch (authenticator.authenticate(request.head())) {
                case Authenticator.Admission.Rejected rejected -> rejected(rejected.refusal());
                case Authenticator.Admission.Admitted admitted -> {
                    Caller caller = admitted.caller();
                    if (!mayAdminister(caller, scope)) {
                        record(caller, request, path, AuditEvent.Outcome.DENIED, null);
                        yield error(
                                403,
                                "This takes the scope " + scope,
                                "Bearer error=\"insufficient_scope\", scope=\"" + scope + "\"");
                    }
                    Input input = reader.read();
                    record(caller, request, path, AuditEvent.Outcome.ALLOWED, input.target());
                    yield answer(200, Json.write(work.run(caller, input)), Map.of());
                }
            };
        } catch (IllegalArgumentException e) {
            return error(400, String.valueOf(e.getMessage()), null);
        } catch (NotFound e) {
            return error(404, "There is no such thing", null);
        } catch (Conflict e) {
            return error(409, String.valueOf(e.getMessage()), null);
        } catch (StoreUnavailable | AuditUnavailable e) {
            return error(503, "Something this needs is unavailable", null);
        }
    }

    /**
     * A key that is for some tools is for nothing else; one that may spend so much could make others that may spend more; and
     * nobody administers without a credential.
     */
    private boolean mayAdminister(Caller caller, String scope) {
        Optional<Credential> credential = caller.get(Credential.ATTRIBUTE);
        return credential.filter(given -> given.tools() == null).isPresent()
                && caller.get(ApiKeys.SPEND).isEmpty()
                && (hierarchy.grants(caller.scopes(), scope)
                        || hierarchy.grants(caller.scopes(), AdministratorApi.ADMIN));
    }

    private void record(
            Caller caller,
            HttpRoute.Request request,
            String path,
            AuditEvent.Outcome outcome,
            @Nullable String target) {
        audit.record(new AuditEvent(
                clock.instant(),
                AuditEvent.Kind.ADMINISTRATION,
                outcome,
                caller.subject(),
                caller.tenant().orElse(null),
                caller.get(Credential.ATTRIBUTE).map(Credential::id).orElse(null),
                request.head().method() + " " + base + path,
                target,
                null,
                outcome == AuditEvent.Outcome.ALLOWED ? "allowed" : "missing-scope",
                null,
                null,
                Map.of()));
    }

    private static HttpRoute.Response rejected(Refusal refusal) {
        return switch (refusal) {
            case Refusal.Unauthenticated unauthenticated -> {
                Map<String, String> headers = new LinkedHashMap<>(unauthenticated.headers());
                if (!unauthenticated.challenges().isEmpty()) {
                    headers.put("WWW-Authenticate", String.join(", ", unauthenticated.challenges()));
                }
                yield answer(401, unauthenticated.message(), headers);
            }
            case Refusal.Malformed malformed -> answer(400, malformed.message(), malformed.headers());
            case Refusal.Custom custom -> answer(custom.status(), custom.message(), Map.of());
            case Refusal.RateLimited limited -> {
                Map<String, String> headers = new LinkedHashMap<>(limited.headers());
                headers.put("Retry-After", seconds(limited.retryAfter()));
                yield answer(429, "Too many requests", headers);
            }
            case Refusal.DependencyUnavailable away ->
                answer(
                        503,
                        "Who you are cannot be found out just now",
                        Map.of("Retry-After", seconds(away.retryAfter())));
            default -> answer(503, "Who you are cannot be found out just now", Map.of());
        };
    }

    private static String seconds(Duration time) {
        return Long.toString(Math.max(1, Math.ceilDiv(time.toMillis(), 1000)));
    }

    private static byte[] message(String text) {
        return Json.write(Json.object().put("error", text));
    }

    private static HttpRoute.Response error(int status, String text, @Nullable String challenge) {
        return answer(
                status,
                text,
                challenge == null || challenge.isEmpty() ? Map.of() : Map.of("WWW-Authenticate", challenge));
    }

    private static HttpRoute.Response answer(int status, String text, Map<String, String> headers) {
        return answer(status, message(text), headers);
    }

    /** For nobody but whoever asked: new keys are in some. */
    private static HttpRoute.Response answer(int status, byte[] body, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Cache-Control", "no-store");
        return new HttpRoute.Response(status, "application/json", body, all);
    }

    /** Members of what was sent, read as what they should be. */
    record Input(JsonNode node) {
        Input {
            if (!node.isObject()) {
                throw new IllegalArgumentException("The body must be one JSON object");
            }
        }

        static Input of(Map<String, String> query) {
            return new Input(Json.tree(query));
        }

        /** What it is about: an id, or somebody. */
        @Nullable
        String target() {
            return textOr("id", textOr("subject", null));
        }

        String text(String name) {
            String value = textOr(name, null);
            if (value == null || value.isEmpty()) {
                throw new IllegalArgumentException(name + " must be a text");
            }
            return value;
        }

        @Nullable
        String textOr(String name, @Nullable String otherwise) {
            JsonNode value = node.get(name);
            if (value == null || value.isNull()) {
                return otherwise;
            }
            if (!value.isString() || value.stringValue().indexOf(0) >= 0) {
                throw new IllegalArgumentException(name + " must be a text");
            }
            return value.stringValue();
        }

        long number(String name, long least, long most, long otherwise) {
            JsonNode value = node.get(name);
            if (value == null || value.isNull()) {
                return otherwise;
            }
            String text = value.isString() ? value.stringValue() : value.toString();
            try {
                long number = Long.parseLong(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw new IllegalArgumentException(name + " must be a whole number from " + least + " to " + most);
        }

        /** @return {@code null} if it is not there */
        String @Nullable [] textsOrNull(String name) {
            JsonNode value = node.get(name);
            if (value == null || value.isNull()) {
                return null;
            }
            if (!value.isArray() || value.valueStream().anyMatch(item -> !item.isString())) {
                throw new IllegalArgumentException(name + " must be an array of texts");
            }
            return value.valueStream().map(JsonNode::stringValue).distinct().toArray(String[]::new);
        }
    }
}
