package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.internal.dispatch.RpcMethod;
import dev.mortise.mcp.internal.session.LegacySession;
import dev.mortise.mcp.internal.session.SessionState;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.EmptyResult;
import dev.mortise.mcp.schema.LoggingLevel;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The methods of legacy revisions: the modern ones without those that came later, and some that are gone. */
final class LegacyMethods {
    private static final int MAX_SUBSCRIPTIONS = 1_000;

    /** All of them together: they are stored with their session. */
    private static final int MAX_SUBSCRIBED_CHARS = 32 * 1024;

    private static final Outcome DONE = new Outcome.Complete(EmptyResult.of());

    private LegacyMethods() {}

    static Optional<RpcMethod> find(
            String name, LegacyParts parts, ProtocolVersion version, @Nullable LegacySession session) {
        if (name.startsWith("tasks/")) {
            LegacyTasks tasks = version.supportsTasks() ? parts.tasks() : null;
            return tasks == null ? Optional.empty() : tasks.method(name).map(RpcMethod::of);
        }
        return switch (name) {
            case "server/discover", "subscriptions/listen" -> Optional.empty();
            case "ping" -> Optional.of((caller, params) -> new RpcMethod.Binding(Target.NONE, call -> DONE));
            case "initialize" ->
                Optional.of((caller, params) -> refused(Refusal.InvalidParams.of("This session has begun already")));
            case "logging/setLevel" -> Optional.of((caller, params) -> setLevel(session, params));
            case "resources/subscribe" -> subscription(parts, session, LegacyMethods::subscribe);
            case "resources/unsubscribe" -> subscription(parts, session, LegacyMethods::unsubscribe);
            default -> parts.methods().find(name);
        };
    }

    private static RpcMethod.Binding setLevel(@Nullable LegacySession session, ObjectNode params) {
        JsonNode given = params.get("level");
        try {
            LoggingLevel level = Json.mapper().treeToValue(given, LoggingLevel.class);
            if (level != null) {
                return new RpcMethod.Binding(
                        Target.NONE,
                        call -> session == null ? DONE : changed(session, state -> state.withLogLevel(level)));
            }
        } catch (JacksonException | IllegalArgumentException e) {
            // Not a level, as is told below.
        }
        return refused(Refusal.InvalidParams.of("level must be one of the log levels, debug to emergency"));
    }

    /** Changes a session's subscriptions by one URI; {@code null} where that cannot be. */
    private interface Change {
        @Nullable
        Set<String> apply(Set<String> subscribed, String uri);
    }

    private static @Nullable Set<String> subscribe(Set<String> subscribed, String uri) {
        Set<String> more = new LinkedHashSet<>(subscribed);
        more.add(uri);
        int chars = more.stream().mapToInt(String::length).sum();
        return more.size() > MAX_SUBSCRIPTIONS || chars > MAX_SUBSCRIBED_CHARS ? null : more;
    }

    private static Set<String> unsubscribe(Set<String> subscribed, String uri) {
        Set<String> fewer = new LinkedHashSet<>(subscribed);
        fewer.remove(uri);
        return fewer;
    }

    /** Subject to the policy as reading is. Only sessions have a stream on which updates could come. */
    private static Optional<RpcMethod> subscription(LegacyParts parts, @Nullable LegacySession session, Change change) {
        if (session == null || parts.capabilities().resources() == null) {
            return Optional.empty();
        }
        return Optional.of((caller, params) -> subscription(parts, session, caller, params, change));
    }

    private static RpcMethod.Binding subscription(
            LegacyParts parts, LegacySession session, Caller caller, ObjectNode params, Change change) {
        JsonNode uri = params.get("uri");
        if (uri == null || !uri.isString()) {
            return refused(Refusal.InvalidParams.of("uri must be the URI of a resource"));
        }
        String text = uri.stringValue();
        return new RpcMethod.Binding(
                parts.methods().resource(caller, text),
                call -> change.apply(session.state().subscriptions(), text) == null
                        ? new Outcome.Refused(Refusal.InvalidParams.of("There are too many subscriptions already"))
                        : changed(session, state -> changed(state, change, text)));
    }

    private static SessionState changed(SessionState state, Change change, String uri) {
        Set<String> changed = change.apply(state.subscriptions(), uri);
        return changed == null ? state : state.withSubscriptions(changed);
    }

    private static Outcome changed(LegacySession session, UnaryOperator<SessionState> change) {
        return session.update(change) ? DONE : new Outcome.Refused(new Refusal.Cancelled());
    }

    private static RpcMethod.Binding refused(Refusal refusal) {
        return new RpcMethod.Binding(Target.NONE, call -> new Outcome.Refused(refusal));
    }
}
