package dev.mortise.mcp.resilience;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.extension.ServerCompanion;
import dev.mortise.mcp.internal.resilience.Events;
import dev.mortise.mcp.observe.MetricSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts policies around the calls of a server. Install it before other plugins, so that what it started is stopped last.
 *
 * <pre>{@code
 * Resilience resilience = Resilience.builder()
 *         .startup(startup)
 *         .tools("search_*", Protection.builder().timeout(Duration.ofSeconds(2)).retry(Retry.upTo(3)).build())
 *         .overload(Overload.adaptive())
 *         .listener(alerting)
 *         .build();
 * McpServer server = McpServer.builder("acme", "1.0").plugin(resilience)...
 * }</pre>
 *
 * <p>The policies that a tool itself declares, with {@link Protection#ATTRIBUTE}, go before those that are given here
 * by pattern, and of these the first that fits counts. Each tool and prompt has a state of its own; resources that one
 * pattern fits share one. Thread-safe; serves one server.
 */
public final class Resilience implements McpServer.Plugin {
    private final Protector protector;
    private final @Nullable Startup startup;
    private final List<Guard> guards;

    private Resilience(Builder builder) {
        this.startup = builder.startup;
        this.guards = List.copyOf(builder.guards.values());
        this.protector = new Protector(
                List.copyOf(builder.patterns),
                new Needs(Map.copyOf(builder.guards), startup),
                builder.overload,
                builder.ticker,
                new Events(builder.listeners));
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.inspect(protector::inspect);
        builder.intercept(Stage.PROTECT, protector);
        builder.companion(new ServerCompanion() {
            @Override
            public void start(RunningServer server) {
                protector.serves(server);
            }

            @Override
            public void stop(Duration grace) {
                if (startup != null) {
                    startup.close();
                }
            }
        });
    }

    /**
     * Shows the overload limit, and breakers, bulkheads, queues and what policies do, of each tool, prompt or pattern
     * from its first call on, and of the guards.
     */
    public Resilience reportTo(MetricSink sink) {
        protector.reportTo(sink);
        guards.forEach(guard -> guard.reportTo(sink));
        return this;
    }

    /** How things stand behind each set of policies that has been used. */
    public List<ProtectionStatus> statuses() {
        return protector.statuses();
    }

    /** How many calls may run at once just now, of all that were called so far; −1 without an overload limit. */
    public int limit() {
        return protector.limit();
    }

    /** How many run; 0 without an overload limit, which is what counts them. */
    public int inFlight() {
        return protector.inFlight();
    }

    /** How many were refused by the overload limit. */
    public long shed() {
        return protector.shed();
    }

    /** Composes the policies of a server. */
    public static final class Builder {
        private final List<Matching> patterns = new ArrayList<>();
        private final List<FailureListener> listeners = new ArrayList<>();
        private final Map<String, Guard> guards = new LinkedHashMap<>();
        private @Nullable Startup startup;
        private @Nullable Overload overload;
        private Ticker ticker = Ticker.system();

        private Builder() {}

        /**
         * Policies for tools.
         *
         * @param pattern a name, in which {@code *} stands for any characters
         */
        public Builder tools(String pattern, Protection protection) {
            patterns.add(Matching.of(Target.Kind.TOOL, pattern, protection));
            return this;
        }

        /** Policies for resources by their URIs, and for templates by their URI templates. */
        public Builder resources(String pattern, Protection protection) {
            patterns.add(Matching.of(Target.Kind.RESOURCE, pattern, protection));
            patterns.add(Matching.of(Target.Kind.RESOURCE_TEMPLATE, pattern, protection));
            return this;
        }

        public Builder prompts(String pattern, Protection protection) {
            patterns.add(Matching.of(Target.Kind.PROMPT, pattern, protection));
            return this;
        }

        /** A guard whose name policies may {@linkplain Protection.Builder#needs need}. */
        public Builder guard(Guard guard) {
            if (guards.putIfAbsent(guard.name(), guard) != null) {
                throw new IllegalArgumentException("There are two guards named " + guard.name());
            }
            return this;
        }

        /** The components that tools need; they are stopped when the server is closed. */
        public Builder startup(Startup newStartup) {
            this.startup = newStartup;
            return this;
        }

        /** Refuses calls early when there are too many of a tool, or of all. */
        public Builder overload(Overload newOverload) {
            this.overload = newOverload;
            return this;
        }

        public Builder listener(FailureListener listener) {
            listeners.add(listener);
            return this;
        }

        public Builder ticker(Ticker newTicker) {
            this.ticker = newTicker;
            return this;
        }

        public Resilience build() {
            return new Resilience(this);
        }
    }
}
