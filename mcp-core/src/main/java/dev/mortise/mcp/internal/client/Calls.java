package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.CallCancelledException;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.CallTimeoutException;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.internal.client.era.Session;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.ProgressNotificationParams;
import dev.mortise.mcp.schema.Result;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One call from its beginning to its result: sent, sent again where its session was lost before it counted, asked
 * questions, polled for where it became a task. Thread-safe; blocks.
 */
public final class Calls {
    /** The requests that a server may answer with questions (MRTR: Supported Requests). */
    private static final Set<String> ASKING = Set.of("tools/call", "prompts/get", "resources/read");

    /** What the servers of the TypeScript SDK answer, together with 400, where they do not know a session. */
    private static final int NO_SESSION = -32000;

    /** Without questions, a server only wants to be asked again later. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Settings settings;
    private final Sessions sessions;
    private final Inputs inputs;
    private final Errands errands;
    private final Tasks tasks;

    Calls(Settings settings, Sessions sessions) {
        this.settings = settings;
        this.sessions = sessions;
        this.inputs = new Inputs(settings.answers());
        this.errands = new Errands(inputs, settings.answers());
        this.tasks = new Tasks(this, inputs);
    }

    /** A server says that the user is done with a page. */
    void visited(String elicitation) {
        errands.completed(elicitation);
    }

    int maxRounds() {
        return settings.maxRounds();
    }

    /** What belongs to a request beside its params. */
    interface Extras {
        Extras NONE = new Extras() {};

        /** Header fields beside the standard ones. */
        default Map<String, String> headers() {
            return Map.of();
        }

        /** Whether a server that has to be asked to make a task of it shall be asked. */
        default boolean asTask() {
            return false;
        }
    }

    /**
     * Calls.
     *
     * @return the result, which is complete
     * @throws McpException if there is none
     */
    JsonNode call(String method, ObjectNode params, Extras extras, CallOptions options) {
        return outcome(method, params, extras, options).result();
    }

    /** A result, and how often its server had to be answered before. */
    record Outcome(JsonNode result, int rounds) {}

    Outcome outcome(String method, ObjectNode params, Extras extras, CallOptions options) {
        try {
            return loop(method, params, extras, options, new Budget(settings, options));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallCancelledException(method + " was interrupted");
        }
    }

    private Outcome loop(String method, ObjectNode params, Extras extras, CallOptions options, Budget budget)
            throws InterruptedException {
        ObjectNode asked = params;
        Duration pause = FIRST_PAUSE;
        Set<String> visited = new HashSet<>();
        for (int round = 0; ; round++) {
            Answer answer;
            try {
                answer = send(method, asked, extras, options, budget);
            } catch (RpcException e) {
                if (e.code() != JsonRpcError.URL_ELICITATION_REQUIRED) {
                    throw e;
                }
                checkRounds(method, round);
                errands.run(method, e, visited, options, budget.silence());
                budget.pause(method, pause);
                pause = longer(pause);
                continue;
            }
            JsonNode result = answer.result();
            if (!answer.modern() && extras.asTask() && result.path("task").isObject()) {
                return new Outcome(tasks.followLegacy(method, result.path("task"), options, budget), round);
            }
            String kind = answer.modern() ? result.path("resultType").asString(Result.COMPLETE) : Result.COMPLETE;
            switch (kind) {
                case Result.COMPLETE -> {
                    return new Outcome(result, round);
                }
                case Tasks.RESULT_TYPE -> {
                    return new Outcome(tasks.follow(method, result, options, budget), round);
                }
                case Result.INPUT_REQUIRED -> {}
                default ->
                    throw new ProtocolViolationException(method + " was answered with a result of the unknown kind "
                            + Excerpt.of(kind, 50) + "; it belongs to an extension that this client did not declare");
            }
            if (!ASKING.contains(method)) {
                throw new ProtocolViolationException(
                        method + " was answered with a question, which is for " + ASKING + " only");
            }
            checkRounds(method, round);
            asked = retry(method, params, result, options);
            if (!result.has("inputRequests")) {
                budget.pause(method, pause);
                pause = longer(pause);
            }
        }
    }

    private void checkRounds(String method, int round) {
        if (round >= settings.maxRounds()) {
            throw new ProtocolViolationException(
                    method + " still has questions after " + settings.maxRounds() + " rounds");
        }
    }

    private static Duration longer(Duration pause) {
        return pause.compareTo(LONGEST_PAUSE.dividedBy(2)) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
    }

    /** The same request, with the answers and with the state exactly as it came. */
    private ObjectNode retry(String method, ObjectNode params, JsonNode result, CallOptions options)
            throws InterruptedException {
        ObjectNode retry = params.objectNode();
        retry.setAll(params);
        JsonNode requests = result.path("inputRequests");
        JsonNode state = result.path("requestState");
        if (!state.isMissingNode() && !state.isString()) {
            throw new ProtocolViolationException(method + " was answered with a state that is no text");
        }
        if (requests.isMissingNode() && state.isMissingNode()) {
            throw new ProtocolViolationException(method + " wants input, and does not say which");
        }
        if (!requests.isMissingNode()) {
            retry.set("inputResponses", inputs.answer(method, requests, options.cancelSignal()));
        }
        if (state.isString()) {
            retry.set("requestState", state);
        }
        return retry;
    }

    /** A result, and whether it may be of another kind than complete. */
    record Answer(JsonNode result, boolean modern) {}

    /** Sends once; and once more where the server did not even look at the request, because its session was lost. */
    Answer send(String method, ObjectNode params, Extras extras, CallOptions options, Budget budget)
            throws InterruptedException {
        budget.checkCancelled(method);
        Session session = sessions.get(method, budget);
        try {
            return new Answer(exchange(session, method, params, extras, options, budget), session.isModern());
        } catch (Unsent e) {
            sessions.discard(session, false);
        } catch (TransportException e) {
            // Its own 404 says that the server did not look at it. What broke off otherwise may have been done.
            if (!session.connection().link().isForgotten() || e.status().orElse(0) != 404) {
                throw e;
            }
            sessions.discard(session, false);
        } catch (RpcException e) {
            boolean otherEra = session.isModern()
                    ? e.code() == JsonRpcError.UNSUPPORTED_PROTOCOL_VERSION
                    : e.status() == 400 && isModernError(e.code());
            if (!otherEra) {
                // Some servers say so where they do not know a session. This call is lost, but not the next one too.
                if (!session.isModern() && e.status() == 400 && e.code() == NO_SESSION) {
                    sessions.discard(session, false);
                }
                throw e;
            }
            sessions.discard(session, true);
        }
        Session fresh = sessions.get(method, budget);
        try {
            return new Answer(exchange(fresh, method, params, extras, options, budget), fresh.isModern());
        } catch (Unsent e) {
            throw e.why;
        }
    }

    /** The connection was gone before the request was on its way. */
    private static final class Unsent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient TransportException why;

        Unsent(TransportException why) {
            super(why);
            this.why = why;
        }
    }

    private static boolean isModernError(int code) {
        return code == JsonRpcError.HEADER_MISMATCH || code == JsonRpcError.UNSUPPORTED_PROTOCOL_VERSION;
    }

    private JsonNode exchange(
            Session session, String method, ObjectNode params, Extras extras, CallOptions options, Budget budget)
            throws InterruptedException {
        Meta meta = with(settings.meta().get(), options.meta());
        ObjectNode sent = extras.asTask() && session.takesTaskRequests() ? asTask(params) : params;
        // Connecting, or signing in, may have taken long.
        budget.checkCancelled(method);
        boolean progress = options.onProgress() != null || options.resetOnProgress();
        Map<String, String> fields = new LinkedHashMap<>(session.era().headers(method, params));
        if (session.isModern()) {
            fields.putAll(extras.headers());
        }
        Pending pending = session.connection()
                .send(
                        method,
                        id -> session.era().params(sent, meta, progress ? id : null, settings.logLevel()),
                        fields,
                        progressTo(options.onProgress()));
        Runnable forget = options.cancelSignal() == null
                ? () -> {}
                : options.cancelSignal()
                        .onCancel(() -> session.connection()
                                .cancel(pending, new CallCancelledException(method + " was cancelled")));
        try {
            return pending.await(budget.silence(), budget.left(), options.resetOnProgress());
        } catch (TransportException e) {
            if (pending.isUnsent()) {
                throw new Unsent(e);
            }
            throw e;
        } catch (CallTimeoutException e) {
            session.connection().cancel(pending, e);
            throw e;
        } catch (InterruptedException e) {
            session.connection().cancel(pending, new CallCancelledException(method + " was interrupted"));
            throw e;
        } finally {
            forget.run();
            budget.spend(pending.elapsed());
        }
    }

    private static ObjectNode asTask(ObjectNode params) {
        ObjectNode task = params.objectNode();
        task.setAll(params);
        task.putObject("task");
        return task;
    }

    private static Meta with(Meta first, Meta second) {
        if (second.isEmpty()) {
            return first;
        }
        Map<String, JsonNode> entries = new LinkedHashMap<>(first.entries());
        entries.putAll(second.entries());
        return new Meta(entries);
    }

    private static Consumer<Message.Notification> progressTo(@Nullable Consumer<ProgressNotificationParams> listener) {
        return notification -> {
            if (listener != null
                    && notification.method().equals("notifications/progress")
                    && notification.params() != null) {
                listener.accept(
                        Lenient.read(notification.method(), notification.params(), ProgressNotificationParams.class));
            }
        };
    }
}
