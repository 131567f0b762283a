package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.HttpEndpoint;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.client.ServerChange;
import dev.mortise.mcp.client.ServerDescription;
import dev.mortise.mcp.client.Subscription;
import dev.mortise.mcp.internal.client.era.Dialler;
import dev.mortise.mcp.internal.client.era.Session;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.SubscriptionFilter;
import dev.mortise.mcp.schema.ToolDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The parts of a client, put together: all that it can do with one server. */
public final class Engine implements AutoCloseable {
    private static final Set<String> TRACE = Set.of("traceparent", "tracestate");

    private final Settings settings;
    private final ResponseCache cache;
    private final CredentialInUse credential;
    private final ToolShelf shelf;
    private final Notices notices;
    private final Sessions sessions;
    private final Calls calls;
    private final Resending resending;

    public Engine(Settings settings) {
        this.settings = settings;
        this.cache = new ResponseCache(settings.clock());
        this.shelf = new ToolShelf(settings.endpoint() instanceof HttpEndpoint);
        this.notices = new Notices(cache, shelf, settings.onLog());
        this.credential = new CredentialInUse(settings.endpoint(), cache::dropPrivate);
        this.sessions = new Sessions(
                new Dialler(settings, this::noticed, credential),
                // What another process, or another version of it, said: its cursors mean nothing to this one.
                () -> cache.drop(key -> true));
        this.calls = new Calls(settings, sessions);
        this.resending = new Resending(settings, sessions);
    }

    private void noticed(Message.Notification notification) {
        if (notification.method().equals("notifications/elicitation/complete") && notification.params() != null) {
            calls.visited(notification.params().path("elicitationId").asString(""));
        } else {
            notices.accept(notification);
        }
    }

    public String label() {
        return settings.endpoint().label();
    }

    /** Connects, if that has not been done. */
    public ServerDescription server() {
        return sessions.get().server();
    }

    /** Calls a method of any kind. */
    public JsonNode call(String method, ObjectNode params, CallOptions options) {
        return calls.call(method, params, Calls.Extras.NONE, options);
    }

    /** As {@link #call}, for what may be kept. */
    public JsonNode cached(String method, ObjectNode params, CallOptions options) {
        if (isParticular(settings.meta().get()) || isParticular(options.meta())) {
            return calls.call(method, params, Calls.Extras.NONE, options);
        }
        var key = new ResponseCache.Key(method, params);
        Optional<JsonNode> kept = cache.get(key, credential::isUnchanged);
        if (kept.isPresent()) {
            return kept.get();
        }
        long before = cache.changes();
        Calls.Outcome outcome = calls.outcome(method, params, Calls.Extras.NONE, options);
        // What depends on answers that were given is not what the next caller would get (Caching: Cache Key).
        if (outcome.rounds() == 0) {
            cache.put(key, outcome.result(), before);
        }
        return outcome.result();
    }

    /** Whether the result may depend on more than the params; where a request comes from, for traces, is nothing of it. */
    private static boolean isParticular(Meta meta) {
        return !TRACE.containsAll(meta.entries().keySet());
    }

    public CallToolResult callTool(String name, JsonNode arguments, CallOptions options) {
        ObjectNode params = Json.object().put("name", name);
        params.set("arguments", arguments);
        JsonNode result;
        try {
            result = callTool(name, arguments, params, options);
        } catch (RpcException e) {
            if (e.code() != JsonRpcError.HEADER_MISMATCH) {
                throw e;
            }
            // The definition has changed, or was never seen (Streamable HTTP: Client Behavior).
            notices.forget(new ServerChange.Tools());
            tools().forEach(tool -> {});
            result = callTool(name, arguments, params, options);
        }
        CallToolResult read = Lenient.read("tools/call", withContent(result), CallToolResult.class);
        shelf.check(name, read);
        return read;
    }

    private JsonNode callTool(String name, JsonNode arguments, ObjectNode params, CallOptions options) {
        // Asked before anything is sent, so that a rejected tool is rejected on every transport.
        shelf.headers(name, arguments);
        return resending.call(
                options,
                keyed -> calls.call(
                        "tools/call",
                        params,
                        new Calls.Extras() {
                            @Override
                            public Map<String, String> headers() {
                                return shelf.headers(name, arguments);
                            }

                            @Override
                            public boolean asTask() {
                                return shelf.isOnlyTask(name);
                            }
                        },
                        keyed));
    }

    /** Some servers leave the content out where there is structured content. */
    private static JsonNode withContent(JsonNode result) {
        if (!(result instanceof ObjectNode object) || object.has("content") || !object.has("structuredContent")) {
            return result;
        }
        ObjectNode complete = object.deepCopy();
        complete.putArray("content");
        return complete;
    }

    public Stream<ToolDefinition> tools() {
        Set<String> listed = new HashSet<>();
        return list("tools/list", page -> {
            page.path("tools").forEach(tool -> listed.add(tool.path("name").asString("")));
            shelf.shelveExecution(page.path("tools"));
            List<ToolDefinition> tools = shelf.shelve(read("tools/list", page.path("tools"), ToolDefinition.class));
            if (!page.path("nextCursor").isString()) {
                shelf.keepOnly(listed);
            }
            return tools;
        });
    }

    /** A list as a stream; pages are fetched when they are needed. */
    public <T> Stream<T> list(String method, String member, Class<T> type) {
        return list(method, page -> read(method, page.path(member), type));
    }

    /** @param items reads a page */
    public <T> Stream<T> list(String method, Function<JsonNode, List<T>> items) {
        Pages.Source<T> source = new Pages.Source<>() {
            @Override
            public Pages.Page<T> page(@Nullable String cursor) {
                return Engine.this.page(method, cursor, items);
            }

            @Override
            public void forget() {
                Engine.this.forget(method);
            }
        };
        return Pages.stream(method, source, settings.maxPages());
    }

    /** Keeps no result of this method. */
    public void forget(String method) {
        cache.drop(key -> key.method().equals(method));
    }

    private <T> Pages.Page<T> page(String method, @Nullable String cursor, Function<JsonNode, List<T>> items) {
        ObjectNode params = Json.object();
        if (cursor != null) {
            params.put("cursor", cursor);
        }
        JsonNode result = cached(method, params, CallOptions.DEFAULT);
        JsonNode next = result.path("nextCursor");
        return new Pages.Page<>(items.apply(result), next.isString() ? next.stringValue() : null);
    }

    /** One definition that is not as specified does not take the others with it. */
    private static <T> List<T> read(String method, JsonNode array, Class<T> type) {
        return Definitions.read(method, array, type);
    }

    public Subscription listen(SubscriptionFilter filter, Consumer<ServerChange> listener) {
        return Listening.start(settings, sessions, calls, notices, filter, listener);
    }

    /** Asks for a sign of life, in the way of the era. */
    public void ping() {
        boolean modern = sessions.get().isModern();
        calls.call(modern ? "server/discover" : "ping", Json.object(), Calls.Extras.NONE, CallOptions.DEFAULT);
    }

    /** Tells a legacy server that the roots have changed; a modern one asks anew each time. */
    public void rootsChanged() {
        Optional<Session> session = sessions.peek().filter(open -> !open.isModern());
        session.ifPresent(
                open -> open.connection().send(new Message.Notification("notifications/roots/list_changed", null)));
    }

    @Override
    public void close() {
        sessions.close();
    }
}
