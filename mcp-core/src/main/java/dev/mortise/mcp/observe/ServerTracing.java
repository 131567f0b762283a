package dev.mortise.mcp.observe;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.internal.observe.CallLabels;
import dev.mortise.mcp.internal.observe.Conventions;
import dev.mortise.mcp.internal.observe.Ending;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.transport.HttpHead;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Micrometer observation for every call, or for those that are {@linkplain Builder#sampling sampled}, which a tracing
 * handler makes a span of, by the OpenTelemetry conventions for MCP. Its parent is what the request says
 * ({@link TraceContext#of}); where only the HTTP request says something, and a span for that request is open on this
 * thread already, it is that span.
 *
 * <p>The observation is current on the thread of the handler where no interceptor moves the call to another one, and is
 * on the call as {@link #OBSERVATION} in any case. Install it before other plugins. Thread-safe.
 */
@SuppressWarnings("exports") // Micrometer is optional: a module that calls this requires it itself
public final class ServerTracing implements McpServer.Plugin {
    /** The observation of a call, for interceptors and handlers that go on on other threads. */
    public static final Attribute<Observation> OBSERVATION =
            Attribute.of("dev.mortise.mcp.observe.observation", Observation.class);

    private static final Logger LOG = LoggerFactory.getLogger(ServerTracing.class);
    private static final String CALL = "mcp.server.operation";
    private static final String STAGE = "mcp.server.stage";
    private static final String HANDLER = "mcp.server.handler";
    private static final String TRANSPORT_PARENT = "mortise.transport.traceparent";

    /** Each call is observed; what becomes of its span is for the tracer's own sampler to say. */
    private static final double LATER = -1;

    private static final int MAX_NAMES = 1_000;
    private static final int LONGEST_ID = 64;
    private static final int LONGEST_URI = 256;

    /** Tells a tracing handler that a span has failed, and why, without the price of a stack trace. */
    static final class CallFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CallFailed(String message) {
            super(message, null, false, false);
        }
    }

    private final ObservationRegistry registry;
    private final @Nullable TraceInjector injector;
    private final Predicate<CallContext> trusted;
    private final boolean stages;
    private final double sampling;
    private final Redactor redactor;
    private final CallLabels labels = new CallLabels(MAX_NAMES);

    private ServerTracing(Builder builder) {
        registry = builder.registry;
        injector = builder.injector;
        trusted = builder.trusted;
        stages = builder.stages;
        sampling = builder.sampling;
        redactor = builder.redactor;
    }

    public static ServerTracing to(ObservationRegistry registry) {
        return builder(registry).build();
    }

    public static Builder builder(ObservationRegistry registry) {
        return new Builder(registry);
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.intercept(Stage.OBSERVE, this::observe);
        if (stages) {
            for (Stage stage : Stage.values()) {
                if (stage != Stage.OBSERVE) {
                    String name = "stage " + stage.name().toLowerCase(Locale.ROOT);
                    builder.intercept(
                            stage,
                            (call, chain) -> isUnwanted(call) ? chain.proceed(call) : nested(STAGE, name, call, chain));
                }
            }
        }
    }

    /**
     * A second plugin, to be installed after all others: a span for every attempt to run the handler, which also makes
     * it current where a call was moved to another thread.
     */
    public McpServer.Plugin handlerSpans() {
        return builder -> builder.intercept(
                Stage.PROTECT,
                (call, chain) -> isUnwanted(call)
                        ? chain.proceed(call)
                        : nested(HANDLER, "handler " + labels.method(call), call, chain));
    }

    /**
     * Makes spans of what calls wait for, inside that which is open on the thread: for {@code ObservedDataSource},
     * {@code Redis.observed} and knowledge bases. Handlers that run on another thread have one open there with
     * {@link #handlerSpans()}.
     */
    public WorkObserver work() {
        return new TracedWork(registry);
    }

    private Outcome observe(Call call, Interceptor.Chain chain) {
        if (registry.isNoop() || !isWanted(call)) {
            return chain.proceed(call);
        }
        Observation observation;
        CallObservation context;
        Observation.Scope scope;
        try {
            TraceContext remote = trusted.test(call.context()) ? TraceContext.of(call.context()) : TraceContext.NONE;
            context = new CallObservation(call, parent(call, remote));
            observation = started(call, context, remote);
            scope = observation.openScope();
        } catch (RuntimeException e) {
            LOG.warn("A call could not be traced", e);
            return chain.proceed(call);
        }
        try {
            call.set(OBSERVATION, observation);
            TraceInjector tracing = injector;
            if (tracing != null) {
                call.set(TraceContext.OF_CALL, tracing.current());
            }
            Outcome outcome = chain.proceed(call);
            context.ended(outcome);
            end(call, observation, outcome);
            return outcome;
        } finally {
            close(scope, observation);
        }
    }

    /**
     * Decides before anything is made for the call. A span of this process that is open has been decided about already,
     * and says so to what is made inside it, unless the message belongs to another trace.
     */
    private boolean isWanted(Call call) {
        if (sampling == LATER) {
            return true;
        }
        try {
            String parent = trusted.test(call.context()) ? TraceContext.traceparent(call.context()) : null;
            boolean sampled = parent == null
                    ? ThreadLocalRandom.current().nextDouble() < sampling
                    : TraceContext.isSampled(parent);
            return sampled || registry.getCurrentObservation() != null;
        } catch (RuntimeException e) {
            LOG.warn("It could not be decided whether a call is traced", e);
            return false;
        }
    }

    /** Whether it was decided that the call is not traced, and so nothing inside it either. */
    private boolean isUnwanted(Call call) {
        return sampling != LATER && call.get(OBSERVATION).isEmpty();
    }

    /** A span of this process that stands for the HTTP request is nearer than what that request came with. */
    private TraceContext parent(Call call, TraceContext remote) {
        boolean ofMessage = TraceContext.ofMessage(call.context().meta()).traceparent() != null;
        return !ofMessage && registry.getCurrentObservation() != null ? TraceContext.NONE : remote;
    }

    private Observation started(Call call, CallObservation context, TraceContext remote) {
        String method = labels.method(call);
        String tool = labels.tool(call);
        String target = tool.isEmpty() ? labels.prompt(call) : tool;
        Observation observation = Observation.createNotStarted(CALL, () -> context, registry)
                .contextualName(target.isEmpty() ? method : method + " " + target)
                .lowCardinalityKeyValue(Conventions.METHOD, method)
                .lowCardinalityKeyValue(
                        Conventions.PROTOCOL_VERSION,
                        String.valueOf(call.context().version()))
                .lowCardinalityKeyValue(
                        Conventions.TRANSPORT, call.context().origin() instanceof HttpHead ? "tcp" : "pipe")
                .highCardinalityKeyValue(
                        Conventions.REQUEST_ID, Excerpt.of(call.requestId().toString(), LONGEST_ID));
        switch (call.target().kind()) {
            case TOOL ->
                observation
                        .lowCardinalityKeyValue(Conventions.TOOL, tool)
                        .lowCardinalityKeyValue(Conventions.OPERATION, Conventions.EXECUTE_TOOL);
            case PROMPT -> observation.lowCardinalityKeyValue(Conventions.PROMPT, target);
            case RESOURCE, RESOURCE_TEMPLATE ->
                observation.highCardinalityKeyValue(
                        Conventions.RESOURCE_URI, redactor.redact(Excerpt.of(uri(call), LONGEST_URI)));
            case NONE -> {}
        }
        if (call.context().origin() instanceof HttpHead head) {
            observation.lowCardinalityKeyValue(Conventions.PROTOCOL, "http");
            observation.highCardinalityKeyValue(Conventions.CLIENT_ADDRESS, head.remoteAddress());
            String ofRequest = TraceContext.ofRequest(head).traceparent();
            if (ofRequest != null && !ofRequest.equals(remote.traceparent())) {
                // The conventions ask for a link to the trace of the transport; an observation can have no links.
                observation.highCardinalityKeyValue(TRANSPORT_PARENT, ofRequest);
            }
        }
        return observation.start();
    }

    private static String uri(Call call) {
        return call.params().path("uri").asString("");
    }

    private void end(Call call, Observation observation, Outcome outcome) {
        try {
            Ending ending = Ending.of(call, outcome);
            observation.lowCardinalityKeyValue("mcp.outcome", ending.name());
            if (ending.isError()) {
                observation.lowCardinalityKeyValue(Conventions.ERROR_TYPE, ending.errorType());
                observation.error(new CallFailed(
                        outcome instanceof Outcome.Refused(Refusal.Internal internal)
                                ? "internal, reference " + internal.reference()
                                : ending.name()));
            }
            if (!ending.code().isEmpty()) {
                observation.lowCardinalityKeyValue(Conventions.STATUS_CODE, ending.code());
            }
        } catch (RuntimeException e) {
            LOG.warn("The trace of {} could not be ended", call.method(), e);
        }
    }

    static void close(Observation.Scope scope, Observation observation) {
        try {
            scope.close();
            observation.stop();
        } catch (RuntimeException e) {
            LOG.warn("A trace could not be ended", e);
        }
    }

    /** A span inside that of the call, which stands on the call and so also on threads that know nothing of it. */
    private Outcome nested(String name, String title, Call call, Interceptor.Chain chain) {
        Observation parent = registry.getCurrentObservation();
        if (parent == null) {
            parent = call.get(OBSERVATION).orElse(null);
        }
        if (registry.isNoop() || parent == null) {
            return chain.proceed(call);
        }
        Observation observation;
        Observation.Scope scope;
        try {
            observation = Observation.createNotStarted(name, registry)
                    .contextualName(title)
                    .parentObservation(parent)
                    .start();
            scope = observation.openScope();
        } catch (RuntimeException e) {
            LOG.warn("A stage could not be traced", e);
            return chain.proceed(call);
        }
        try {
            Outcome outcome = chain.proceed(call);
            Ending ending = Ending.of(call, outcome);
            if (ending.isError()) {
                observation.error(new CallFailed(ending.name()));
            }
            return outcome;
        } finally {
            close(scope, observation);
        }
    }

    /** Collects what differs from the usual. Not thread-safe. */
    public static final class Builder {
        private final ObservationRegistry registry;
        private @Nullable TraceInjector injector;
        private Predicate<CallContext> trusted = call -> true;
        private boolean stages;
        private double sampling = LATER;
        private Redactor redactor = Redactor.standard();

        private Builder(ObservationRegistry registry) {
            this.registry = registry;
        }

        /** How to read the ids of a call's own span, so that its log line has them. */
        public Builder injector(TraceInjector newInjector) {
            injector = newInjector;
            return this;
        }

        /**
         * Whose trace context is taken up; everybody's unless set. A client decides with it which trace its calls are
         * in and, with a sampler that follows the parent, whether they are sampled.
         */
        public Builder acceptFrom(Predicate<CallContext> newTrusted) {
            trusted = newTrusted;
            return this;
        }

        /**
         * Decides beforehand which calls are traced, so that the others cost next to nothing: those that come from a
         * trace which is sampled, and of those that come from no trace, this share. A call inside an observation of
         * this process is observed, too.
         *
         * <p>For the others there is no observation: other handlers of the registry do not hear of them, their log line
         * has the trace id that they came with, and what they send on is {@link TraceInjector#orUnsampled}. The
         * tracer's sampler has to follow, or it decides once more: {@code Sampler.parentBased(Sampler.alwaysOn())}.
         *
         * <p>Unless set, every call is observed, and the tracer's sampler decides alone.
         *
         * @param share from 0 to 1
         */
        public Builder sampling(double share) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("A share is a number from 0 to 1, unlike " + share);
            }
            sampling = share;
            return this;
        }

        /** A span for every stage of interceptors, too: for a while, to see where time goes. */
        public Builder stageSpans() {
            stages = true;
            return this;
        }

        /** What is taken out of URIs; {@link Redactor#standard} unless set. */
        public Builder redactor(Redactor newRedactor) {
            redactor = newRedactor;
            return this;
        }

        public ServerTracing build() {
            return new ServerTracing(this);
        }
    }
}
