package dev.mortise.mcp.observe;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.internal.dispatch.Incident;
import dev.mortise.mcp.internal.observe.CallLine;
import dev.mortise.mcp.internal.observe.Conventions;
import dev.mortise.mcp.internal.observe.Ending;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.transport.HttpHead;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * One line a call, at INFO, by the logger {@code dev.mortise.mcp.calls}: a short message, and SLF4J key values under
 * the names of the Elastic Common Schema and the OpenTelemetry conventions. Arguments and results are never logged,
 * and what a client can choose is redacted, cut, and kept on its line. Costs next to nothing while that logger is off.
 */
public final class CallLog implements McpServer.Plugin {
    private static final String NAME = "dev.mortise.mcp.calls";
    private static final int LONGEST_NAME = 128;
    private static final int MOST_KNOWN = 1_000;
    private static final KeyValuePair SUCCESS = new KeyValuePair("event.outcome", "success");
    private static final KeyValuePair FAILURE = new KeyValuePair("event.outcome", "failure");

    private final @Nullable CallerHash callers;
    private final Redactor redactor;
    private final LongSupplier nanos;
    private final Logger calls;
    private final Map<String, String> known = new ConcurrentHashMap<>();
    private final Map<Like, Common> alike = new ConcurrentHashMap<>();

    /** Calls whose lines are the same but for who called, when, and for how long. */
    private record Like(
            String method,
            Target.Kind kind,
            String name,
            Ending ending,
            @Nullable ProtocolVersion version) {}

    /** What such lines have in common. */
    private static final class Common {
        private final KeyValuePair action;
        private final KeyValuePair outcome;
        private final KeyValuePair version;
        private final @Nullable KeyValuePair target;
        private final String message;
        private final Object[] arguments;

        Common(
                KeyValuePair action,
                KeyValuePair outcome,
                KeyValuePair version,
                @Nullable KeyValuePair target,
                String message,
                Object[] arguments) {
            this.action = action;
            this.outcome = outcome;
            this.version = version;
            this.target = target;
            this.message = message;
            this.arguments = arguments;
        }
    }

    private CallLog(Builder builder) {
        calls = builder.logger;
        callers = builder.subjects ? null : builder.callers;
        redactor = builder.redactor;
        nanos = builder.nanos;
    }

    /** Callers by pseudonyms that end with this process. */
    public static CallLog create() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.intercept(Stage.OBSERVE, this::log);
    }

    private Outcome log(Call call, Interceptor.Chain chain) {
        if (!calls.isInfoEnabled()) {
            return chain.proceed(call);
        }
        long began = nanos.getAsLong();
        Outcome outcome = chain.proceed(call);
        try {
            write(call, outcome, nanos.getAsLong() - began);
        } catch (RuntimeException e) {
            calls.warn("A call could not be logged", e);
        }
        return outcome;
    }

    private void write(Call call, Outcome outcome, long duration) {
        Ending ending = Ending.of(call, outcome);
        Common common = common(call, ending);
        CallLine line = new CallLine(calls, common.message, common.arguments)
                .with(common.action)
                .with(ending.isError() ? FAILURE : SUCCESS)
                .with("event.duration", duration)
                .with(common.outcome)
                .with(common.version)
                .with(Conventions.REQUEST_ID, safe(call.requestId().toString()));
        CallerHash hash = callers;
        Caller caller = call.caller();
        if (hash == null) {
            line.with("user.id", safe(caller.subject()));
            if (caller.tenant().isPresent()) {
                line.with("organization.id", safe(caller.tenant().get()));
            }
        } else {
            line.with("user.hash", hash.text(caller));
        }
        if (common.target != null) {
            line.with(common.target);
        }
        if (ending.isError()) {
            explain(line, call, outcome, ending);
        }
        if (call.context().origin() instanceof HttpHead head) {
            line.with(Conventions.CLIENT_ADDRESS, head.remoteAddress());
        }
        TraceContext trace = call.get(TraceContext.OF_CALL).orElse(null);
        String parent = trace == null ? TraceContext.traceparent(call.context()) : trace.traceparent();
        if (parent != null) {
            line.with("trace.id", TraceContext.traceId(parent));
        }
        line.log(calls);
    }

    private static void explain(CallLine line, Call call, Outcome outcome, Ending ending) {
        if (!ending.code().isEmpty()) {
            line.with("error.code", ending.code());
        }
        String reference = outcome instanceof Outcome.Refused(Refusal.Internal internal)
                ? internal.reference()
                : call.get(Incident.REFERENCE).orElse("");
        if (!reference.isEmpty()) {
            line.with("error.id", reference);
        }
    }

    private Common common(Call call, Ending ending) {
        Target target = call.target();
        // Any URI may fit a template, and any method may be asked for: those are looked at each time.
        boolean named = switch (target.kind()) {
            case TOOL, PROMPT -> target.exists();
            case NONE -> !ending.isError();
            case RESOURCE, RESOURCE_TEMPLATE -> false;
        };
        if (!named) {
            return describe(call, ending);
        }
        Like like = new Like(
                call.method(),
                target.kind(),
                target.name(),
                ending,
                call.context().version());
        Common found = alike.get(like);
        if (found == null) {
            found = describe(call, ending);
            if (alike.size() < MOST_KNOWN) {
                alike.put(like, found);
            }
        }
        return found;
    }

    private Common describe(Call call, Ending ending) {
        // What the server itself has named is looked at once; what a client made up, each time.
        String method = ending.isError() ? safe(call.method()) : known(call.method());
        String name = call.target().exists()
                ? known(call.target().name())
                : safe(call.target().name());
        KeyValuePair target = switch (call.target().kind()) {
            case TOOL -> new KeyValuePair(Conventions.TOOL, name);
            case PROMPT -> new KeyValuePair(Conventions.PROMPT, name);
            case RESOURCE, RESOURCE_TEMPLATE -> new KeyValuePair(Conventions.RESOURCE_URI, name);
            case NONE -> null;
        };
        return new Common(
                new KeyValuePair("event.action", method),
                new KeyValuePair("mcp.outcome", ending.name()),
                new KeyValuePair(
                        Conventions.PROTOCOL_VERSION,
                        String.valueOf(call.context().version())),
                target,
                name.isEmpty() ? "{}: {}" : "{} {}: {}",
                name.isEmpty() ? new Object[] {method, ending.name()} : new Object[] {method, name, ending.name()});
    }

    private String known(String text) {
        String looked = known.get(text);
        if (looked == null) {
            looked = safe(text);
            if (known.size() < MOST_KNOWN && text.length() <= LONGEST_NAME) {
                known.put(text, looked);
            }
        }
        return looked;
    }

    private String safe(String text) {
        return redactor.redact(Excerpt.of(text, LONGEST_NAME));
    }

    /** Collects what differs from the usual. Not thread-safe. */
    public static final class Builder {
        private @Nullable CallerHash callers;
        private boolean subjects;
        private Redactor redactor = Redactor.standard();
        private LongSupplier nanos = System::nanoTime;
        private Logger logger = LoggerFactory.getLogger(NAME);

        private Builder() {}

        /** Callers by pseudonyms ({@code user.hash}) that other replicas, or other records, have as well. */
        public Builder callers(CallerHash hash) {
            callers = hash;
            return this;
        }

        /** Callers by name ({@code user.id}), where the law and their contracts allow it. */
        public Builder callersBySubject() {
            subjects = true;
            return this;
        }

        public Builder redactor(Redactor newRedactor) {
            redactor = newRedactor;
            return this;
        }

        /** A clock for tests. */
        Builder nanoClock(LongSupplier clock) {
            nanos = clock;
            return this;
        }

        /** Where the lines go, for tests. */
        Builder logger(Logger newLogger) {
            logger = newLogger;
            return this;
        }

        public CallLog build() {
            if (callers == null) {
                callers = CallerHash.random();
            }
            return new CallLog(this);
        }
    }
}
