package dev.mortise.mcp.observe;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.http.HttpObserver;
import dev.mortise.mcp.internal.observe.Buckets;
import dev.mortise.mcp.internal.observe.CallLabels;
import dev.mortise.mcp.internal.observe.CallMeters;
import dev.mortise.mcp.internal.observe.HttpMeters;
import dev.mortise.mcp.internal.observe.MeterSink;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The metrics of a server in a Micrometer registry. The names are those of {@link MetricNames}; the labels of calls are
 * bounded, whatever clients send. Thread-safe.
 *
 * <pre>{@code
 * ServerMetrics metrics = ServerMetrics.to(registry);
 * McpServer server = McpServer.builder("documents", "1.0").plugin(metrics).build();
 * HttpOptions options = HttpOptions.builder().observer(metrics.http()).build();
 * }</pre>
 */
@SuppressWarnings("exports") // Micrometer is optional: a module that calls this requires it itself
public final class ServerMetrics implements McpServer.Plugin {
    private final CallMeters calls;
    private final HttpMeters http;
    private final MetricSink sink;

    private ServerMetrics(Builder builder) {
        Buckets buckets = new Buckets(builder.objectives);
        calls = new CallMeters(builder.registry, buckets, new CallLabels(builder.maxNames));
        http = new HttpMeters(builder.registry, buckets);
        sink = new MeterSink(builder.registry, buckets);
        // So that the name is there where nothing reports its health: this server can at least be scraped.
        sink.gauge(MetricNames.SYSTEM_HEALTH, Map.of("component", "server"), () -> 1);
    }

    public static ServerMetrics to(MeterRegistry registry) {
        return builder(registry).build();
    }

    public static Builder builder(MeterRegistry registry) {
        return new Builder(registry);
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.intercept(Stage.OBSERVE, calls);
    }

    /** For {@code HttpOptions.Builder.observer}: the requests as HTTP sees them. */
    public HttpObserver http() {
        return http;
    }

    /** For parts that have figures of their own. */
    public MetricSink sink() {
        return sink;
    }

    /** Shows how many streams a server has open, and with how many sessions of legacy clients it has to do. */
    public ServerMetrics watch(McpServer server) {
        sink.gauge(MetricNames.MCP_LISTEN_STREAMS, Map.of(), server::listenStreams);
        sink.gauge(MetricNames.MCP_SESSIONS, Map.of(), server::legacySessions);
        return this;
    }

    /** Collects what differs from the usual. Not thread-safe. */
    public static final class Builder {
        private final MeterRegistry registry;
        private final List<Duration> objectives = new ArrayList<>();
        private int maxNames = 100;

        private Builder(MeterRegistry registry) {
            this.registry = registry;
        }

        /** Adds a bound to the histograms of durations, beside the usual from 5 ms to 30 s. */
        public Builder objective(Duration bound) {
            if (!bound.isPositive()) {
                throw new IllegalArgumentException("An objective is longer than nothing, unlike " + bound);
            }
            objectives.add(bound);
            return this;
        }

        /** How many tools, and how many prompts, have labels of their own; 100 unless set. The rest is {@code other}. */
        public Builder maxNames(int names) {
            if (names < 1) {
                throw new IllegalArgumentException("maxNames must be at least 1, but is " + names);
            }
            maxNames = names;
            return this;
        }

        public ServerMetrics build() {
            return new ServerMetrics(this);
        }
    }
}
