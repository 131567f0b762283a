package dev.mortise.mcp;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Authenticator.Admission;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.ServerCompanion;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.internal.dispatch.Asking;
import dev.mortise.mcp.internal.dispatch.Incident;
import dev.mortise.mcp.internal.dispatch.LiveCall;
import dev.mortise.mcp.internal.dispatch.RpcMethod;
import dev.mortise.mcp.internal.dispatch.RunningCalls;
import dev.mortise.mcp.internal.era.Batch;
import dev.mortise.mcp.internal.era.Era;
import dev.mortise.mcp.internal.era.Eras;
import dev.mortise.mcp.internal.era.LegacyEndpoint;
import dev.mortise.mcp.internal.state.Dialogue;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.Registry;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.transport.Channel;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An MCP server: everything between a message and the code that answers it. It owns no socket; transports hand it
 * their messages. Thread-safe.
 *
 * <pre>{@code
 * record Add(int a, int b) {}
 *
 * McpServer server = McpServer.builder("calculator", "1.0")
 *         .tool(Tool.of("add", "Adds two numbers", Add.class, in -> in.a() + in.b()))
 *         .build();
 * }</pre>
 */
public final class McpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(McpServer.class);

    private final ServerParts parts;
    private final RunningCalls running;

    McpServer(ServerParts parts) {
        this.parts = parts;
        this.running = new RunningCalls(parts.maxRunningCalls());
    }

    /**
     * Begins a server.
     *
     * @param name what clients show, such as {@code acme-documents}
     * @param version of the server, not of the protocol
     */
    public static McpServerBuilder builder(String name, String version) {
        return new McpServerBuilder(name, version);
    }

    /** The only door for extensions: installs itself through everything that the builder offers. */
    @FunctionalInterface
    public interface Plugin {
        void install(McpServerBuilder builder);
    }

    /**
     * The journey of one message, from the transport that took it to the reply. Returns when the exchange is over;
     * transports call it on a virtual thread.
     */
    public void handle(Exchange exchange) {
        try {
            switch (admit(exchange.origin())) {
                case Admission.Rejected rejected ->
                    exchange.reply(parts.eras().modern().refuse(null, rejected.refusal()));
                case Admission.Admitted admitted -> receive(exchange, admitted.caller());
            }
        } catch (StoreUnavailable e) {
            // A session that cannot be looked up: there is no call yet that could be refused.
            exchange.reply(storeUnavailable(null, e));
        } catch (IOException e) {
            LOG.debug("The sender of a message went away", e);
        }
    }

    private Reply storeUnavailable(@Nullable RequestId id, StoreUnavailable cause) {
        return parts.eras().modern().refuse(id, Incident.refusal("A message could not be taken", cause));
    }

    /** HEAD: who is it? Decided before a byte of the body is read, and refused if it cannot be decided. */
    private Admission admit(Origin origin) {
        try {
            return parts.authenticator().authenticate(origin);
        } catch (RuntimeException e) {
            return Authenticator.reject(new Refusal.Internal(Incident.log("The authenticator failed", e)));
        }
    }

    private void receive(Exchange exchange, Caller caller) throws IOException {
        if (exchange.origin() instanceof HttpHead head && !head.method().equals("POST")) {
            sessionMethod(exchange, head, caller);
            return;
        }
        Eras eras = parts.eras();
        LegacyEndpoint legacy = eras.legacy().orElse(null);
        if (legacy != null && !legacy.mayUse(exchange, caller)) {
            exchange.reply(new Reply(null, 404, Map.of()));
            return;
        }
        Optional<MessageCodec.Decoded> decoded = exchange.message();
        if (decoded.isEmpty()) {
            return;
        }
        switch (decoded.get()) {
            case MessageCodec.Decoded.Malformed malformed ->
                exchange.reply(Reply.of(new Message.Failure(malformed.id(), malformed.error()), 400));
            case MessageCodec.Decoded.Ok(Message.Request request) -> {
                if (legacy == null || eras.isModern(exchange, request)) {
                    answer(eras.modern(), exchange, caller, request);
                } else {
                    legacyRequest(legacy, exchange, caller, request);
                }
            }
            case MessageCodec.Decoded.Ok(Message.Notification notification) -> {
                if (legacy == null) {
                    exchange.reply(Reply.accepted());
                } else {
                    legacy.notification(exchange, caller, notification);
                }
            }
            case MessageCodec.Decoded.Ok(Message.Response response) -> {
                if (legacy == null || !legacy.response(exchange, caller, response)) {
                    refuse(exchange, "A client sends requests and notifications");
                }
            }
            case MessageCodec.Decoded.Batch batch -> {
                if (legacy == null || !legacy.batch(exchange, caller, Batch.of(batch), this::answer)) {
                    refuse(exchange, Batch.noBatch().message());
                }
            }
        }
    }

    private void legacyRequest(LegacyEndpoint legacy, Exchange exchange, Caller caller, Message.Request request)
            throws IOException {
        try {
            legacy.request(exchange, caller, request, this::answer);
        } catch (StoreUnavailable e) {
            exchange.reply(storeUnavailable(request.id(), e));
        }
    }

    private static void refuse(Exchange exchange, String why) {
        exchange.reply(Reply.of(new Message.Failure(null, JsonRpcError.of(JsonRpcError.INVALID_REQUEST, why)), 400));
    }

    /** Listening to a legacy session, and ending it; the modern era has only POST. */
    private void sessionMethod(Exchange exchange, HttpHead head, Caller caller) throws IOException {
        LegacyEndpoint legacy = parts.eras().legacy().orElse(null);
        Optional<Channel> connection = exchange.channel();
        if (legacy != null && connection.isPresent()) {
            legacy.connect(exchange, connection.get(), caller);
            return;
        }
        if (legacy == null || !legacy.hasSessions(head)) {
            exchange.reply(notAllowed("OPTIONS, POST"));
            return;
        }
        switch (head.method()) {
            case "GET" -> legacy.get(exchange, head, caller);
            case "DELETE" -> legacy.delete(exchange, head, caller);
            default -> exchange.reply(notAllowed("DELETE, GET, OPTIONS, POST"));
        }
    }

    private static Reply notAllowed(String methods) {
        JsonRpcError error = JsonRpcError.of(JsonRpcError.INVALID_REQUEST, "This method is not allowed here");
        return new Reply(new Message.Failure(null, error), 405, Map.of("Allow", methods));
    }

    private void answer(Era era, Exchange exchange, Caller caller, Message.Request request) {
        try {
            switch (era.open(exchange, caller, request)) {
                case Era.Opening.Rejected rejected ->
                    turnAway(era, exchange, request, Era.unread(exchange, caller, parts.wording()), rejected.refusal());
                case Era.Opening.Opened opened -> call(era, opened, exchange, request);
            }
        } catch (Throwable e) {
            // Whatever breaks, also a stack overflow in an author's code: the client must not wait for ever.
            exchange.reply(era.refuse(request.id(), Incident.refusal("Failed: " + request.method(), e)));
        }
    }

    private void call(Era era, Era.Opening.Opened opened, Exchange exchange, Message.Request request) {
        Optional<RpcMethod> method = era.method(request.method());
        if (method.isEmpty()) {
            turnAway(era, exchange, request, opened.context(), new Refusal.MethodNotFound(request.method()));
            return;
        }
        RpcMethod.Binding binding;
        try {
            binding = method.get().bind(opened.context().caller(), request.params());
        } catch (RuntimeException | Error e) {
            // A source of tools or resources may be a store, and that may be down.
            Refusal refusal = Incident.refusal("Failed: " + request.method(), e);
            turnAway(era, exchange, request, opened.context(), refusal);
            return;
        }
        LiveCall call = new LiveCall(request, opened, binding.target(), exchange, parts.pendingInputs());
        if (!running.add(call, parts.subscriptions().size())) {
            turnAway(era, exchange, request, opened.context(), new Refusal.Overloaded(Duration.ofSeconds(1)));
            return;
        }
        try {
            exchange.onGone(call::cancel);
            Outcome outcome = Asking.checked(
                    call,
                    parts.interceptors()
                            .run(
                                    call,
                                    era.bridge(call),
                                    passed -> binding.invocation().invoke(call.orAttempt(passed))));
            outcome = streamed(call, outcome);
            // Written while the call still counts as running: a server that closes waits for the answer, too.
            exchange.reply(
                    call.dialogue().isCharged() && !call.isDetached()
                            ? settled(era, call, outcome)
                            : era.encode(call, outcome));
        } finally {
            running.remove(call);
        }
    }

    /** A request that does not become a call. Those who observe see it all the same, and no other stage does. */
    private void turnAway(Era era, Exchange exchange, Message.Request request, CallContext context, Refusal refusal) {
        if (parts.interceptors().isObserved()) {
            Era.Opening.Opened unopened = new Era.Opening.Opened(context, Dialogue.begin(Map.of()), null);
            parts.interceptors()
                    .observe(
                            new LiveCall(request, unopened, Target.NONE, exchange, parts.pendingInputs()),
                            new Outcome.Refused(refusal));
        }
        exchange.reply(era.refuse(request.id(), refusal));
    }

    /** What is charged is settled by what is really sent: so it is found out first whether that can be sent. */
    private Reply settled(Era era, LiveCall call, Outcome outcome) {
        Reply reply = sendable(era, call, outcome);
        if (outcome instanceof Outcome.InputRequired && !(reply.message() instanceof Message.Failure)) {
            parts.settlements().suspend(call.dialogue());
            // Once more, because the tokens that travel have changed, and perhaps do not fit any more.
            reply = sendable(era, call, outcome);
            if (!(reply.message() instanceof Message.Failure)) {
                return reply;
            }
        }
        boolean refused = reply.message() instanceof Message.Failure && !(outcome instanceof Outcome.Refused);
        parts.settlements()
                .settle(call, call.dialogue(), refused ? new Outcome.Refused(new Refusal.Internal("")) : outcome);
        return reply;
    }

    /** The reply as a tree, which can always be written; or the refusal that takes its place. */
    private static Reply sendable(Era era, LiveCall call, Outcome outcome) {
        Reply reply = era.encode(call, outcome);
        if (!(reply.message() instanceof Message.Result result)) {
            return reply;
        }
        try {
            Message.Result plain = Message.Result.of(result.id(), Json.tree(result.result()));
            return new Reply(plain, reply.status(), reply.headers());
        } catch (RuntimeException e) {
            String what = "A result of " + call.target().name() + " cannot be written as JSON";
            return era.refuse(call.requestId(), new Refusal.Internal(Incident.log(what, e)));
        }
    }

    /** Some calls go on after the interceptors have let them begin: until the client or the server ends them. */
    private static Outcome streamed(LiveCall call, Outcome outcome) {
        LiveCall.Stream stream = call.takeStream();
        if (stream == null) {
            return outcome;
        }
        if (!(outcome instanceof Outcome.Complete)) {
            stream.abandon();
            return outcome;
        }
        try {
            stream.run();
            return outcome;
        } catch (IOException e) {
            return new Outcome.Refused(new Refusal.Cancelled());
        } catch (RuntimeException e) {
            return new Outcome.Refused(new Refusal.Internal(Incident.log(call.method() + " broke off", e)));
        }
    }

    /**
     * The tools that this server holds by itself; they may come and go while it runs.
     *
     * @throws IllegalStateException if the server was built without tools, so that no client would look for any
     */
    public Registry<Tool> tools() {
        return declared(parts.tools(), parts.capabilities().tools(), "tools");
    }

    /** As {@link #tools}, for resources. */
    public Registry<Resource> resources() {
        return declared(parts.resources(), parts.capabilities().resources(), "resources");
    }

    /** As {@link #tools}, for resource templates. */
    public Registry<ResourceTemplate> resourceTemplates() {
        return declared(parts.resourceTemplates(), parts.capabilities().resources(), "resourceTemplates");
    }

    /** As {@link #tools}, for prompts. */
    public Registry<Prompt> prompts() {
        return declared(parts.prompts(), parts.capabilities().prompts(), "prompts");
    }

    private static <T extends Entry> Registry<T> declared(
            Registry<T> registry, @Nullable Object capability, String name) {
        if (capability == null) {
            throw new IllegalStateException("This server was built without " + name
                    + ", and clients know it: give the builder one, or " + name + "(McpServerBuilder.none())");
        }
        return registry;
    }

    /** Where to publish changes that the server cannot see by itself, such as of a resource's content. */
    public ServerEvents events() {
        return parts.events();
    }

    /** What HTTP transports serve beside the endpoint. */
    public List<HttpRoute> routes() {
        return parts.routes();
    }

    /** How many streams are open that clients listen to. */
    public int listenStreams() {
        return parts.subscriptions().size()
                + parts.eras().legacy().map(LegacyEndpoint::streams).orElse(0);
    }

    /** With how many sessions of legacy clients this process has to do; others may share them. */
    public int legacySessions() {
        return parts.eras().legacy().map(LegacyEndpoint::sessionCount).orElse(0);
    }

    /** Ends the streams and sessions, and cancels the calls, of some callers: their credential was revoked, or they were disabled. */
    public void disconnect(Predicate<Caller> whose) {
        parts.subscriptions().close(whose);
        parts.eras().legacy().ifPresent(legacy -> legacy.disconnect(whose));
        running.cancel(whose);
        parts.companions().forEach(companion -> companion.disconnect(whose));
    }

    /**
     * Shuts down gracefully: takes no more calls, ends listen streams with their result, lets running calls finish
     * for as long as the builder's {@code shutdownGrace} says, cancels the rest. Transports are closed after it.
     */
    @Override
    public void close() {
        parts.companions().forEach(ServerCompanion::closing);
        awaitNotice();
        running.close();
        parts.subscriptions().closeAll();
        parts.eras().legacy().ifPresent(LegacyEndpoint::close);
        long deadline = System.nanoTime() + parts.shutdownGrace().toNanos();
        try {
            if (!running.awaitNone(parts.shutdownGrace())) {
                LOG.warn("Some calls did not end within {}: cancelling them", parts.shutdownGrace());
                running.cancel(caller -> true);
                running.awaitNone(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            running.cancel(caller -> true);
            Thread.currentThread().interrupt();
        }
        Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        // What was installed first carries the rest, and stops last.
        parts.companions().reversed().forEach(companion -> companion.stop(left));
    }

    /** Those who send requests learn from the readiness that they should stop, and need a moment to do so. */
    private void awaitNotice() {
        try {
            Thread.sleep(parts.shutdownNotice());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
