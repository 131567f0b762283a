package dev.mortise.mcp.health;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.extension.ServerCompanion;
import dev.mortise.mcp.health.HealthCheck.Group;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.internal.resilience.Events;
import dev.mortise.mcp.observe.MetricNames;
import dev.mortise.mcp.observe.MetricSink;
import dev.mortise.mcp.resilience.ComponentStatus;
import dev.mortise.mcp.resilience.FailureListener;
import dev.mortise.mcp.resilience.Startup;
import dev.mortise.mcp.resilience.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks at checks in the background, and answers {@code GET /health/live}, {@code /health/ready} and {@code
 * /health/start} at once with what is known: 200 or 503, and {@code {"status":"up"}}; more only to those whom the host
 * allows. Readiness goes down as soon as the server begins to shut down. Thread-safe; serves one server, which ends it.
 *
 * <pre>{@code
 * Health health = Health.builder()
 *         .check(Checks.dataSource("database", dataSource))
 *         .check(HealthCheck.ping("redis", jedis::ping).optional())
 *         .startup(startup)
 *         .build();
 * }</pre>
 */
public final class Health implements McpServer.Plugin {
    /** The component that the whole is shown as; also what metrics call a server that tells nothing of its health. */
    private static final String SERVER = "server";

    private final List<Watch> watches;
    private final @Nullable Startup startup;
    private final Predicate<HttpRoute.Request> detailsFor;
    private final AtomicBoolean began = new AtomicBoolean();
    private volatile boolean draining;
    private volatile boolean started;

    private Health(Builder builder) {
        this.startup = builder.startup;
        this.detailsFor = builder.detailsFor;
        FailureListener listener = new Events(builder.listeners);
        this.watches = builder.checks.stream()
                .map(check -> new Watch(check, builder.ticker, builder.clock, listener))
                .toList();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void install(McpServerBuilder builder) {
        for (Group group : Group.values()) {
            builder.route(HttpRoute.get(path(group), request -> answer(group, request))
                    .onAnyHost());
        }
        builder.companion(new ServerCompanion() {
            @Override
            public void start(RunningServer server) {
                Health.this.start();
            }

            @Override
            public void closing() {
                drain();
            }

            @Override
            public void stop(Duration grace) {
                watches.forEach(Watch::stop);
            }
        });
    }

    private static String path(Group group) {
        return switch (group) {
            case LIVE -> "/health/live";
            case READY -> "/health/ready";
            case START -> "/health/start";
        };
    }

    private void start() {
        if (!began.compareAndSet(false, true)) {
            throw new IllegalStateException("This Health serves another server already: build one for each");
        }
        watches.forEach(Watch::start);
    }

    /**
     * Turns readiness down for good, while calls are still served: the process is about to end, and those who send it
     * requests should stop. {@link McpServer#close} does so, too; a host that has something to do between this and the
     * end of the server, such as closing its port, calls it before.
     */
    public void drain() {
        draining = true;
    }

    private HttpRoute.Response answer(Group group, HttpRoute.Request request) {
        Status status = status(group);
        boolean detailed;
        try {
            detailed = detailsFor.test(request);
        } catch (RuntimeException e) {
            detailed = false;
        }
        return HealthJson.response(status, detailed ? reports(group) : null, detailed ? components() : null);
    }

    /** How a group is, by what is known now. */
    public Status status(Group group) {
        return switch (group) {
            case LIVE -> checks(Group.LIVE, Status.UP);
            case READY -> ready();
            case START -> start(checks(Group.START, Status.DOWN));
        };
    }

    private Status ready() {
        if (draining) {
            return Status.DRAINING;
        }
        if (startup != null && !startup.isComplete()) {
            return Status.DOWN;
        }
        Status status = checks(Group.READY, Status.DOWN);
        boolean missing = startup != null
                && startup.statuses().stream().anyMatch(each -> each.state() != ComponentStatus.State.RUNNING);
        return status == Status.UP && missing ? Status.DEGRADED : status;
    }

    /** What has started stays so. */
    private Status start(Status checks) {
        if (!started && checks.httpStatus() == 200 && (startup == null || startup.isComplete())) {
            started = true;
        }
        return started ? Status.UP : Status.DOWN;
    }

    /** @param unknown what a check counts for that is not over for the first time: a process that begins is alive */
    private Status checks(Group group, Status unknown) {
        Status worst = Status.UP;
        for (CheckReport report : reports(group)) {
            Status one = report.status() == null ? (report.required() ? unknown : Status.UP) : report.status();
            worst = one.compareTo(worst) > 0 ? one : worst;
        }
        return worst;
    }

    /**
     * Shows each check, and as the component {@code server} the readiness: 1 up, 0.5 degraded, 0 down or draining. A
     * check whose first look is not over shows nothing, which Prometheus writes as NaN.
     */
    public Health reportTo(MetricSink sink) {
        sink.gauge(MetricNames.SYSTEM_HEALTH, Map.of("component", SERVER), () -> degree(status(Group.READY)));
        for (Watch watch : watches) {
            sink.gauge(
                    MetricNames.SYSTEM_HEALTH, Map.of("component", watch.check().name()), () -> {
                        Status status = watch.report().status();
                        return status == null ? Double.NaN : degree(status);
                    });
        }
        return this;
    }

    private static double degree(Status status) {
        return switch (status) {
            case UP -> 1;
            case DEGRADED -> 0.5;
            case DOWN, DRAINING -> 0;
        };
    }

    /** The checks of a group. */
    public List<CheckReport> reports(Group group) {
        return watches.stream()
                .filter(watch -> watch.check().groups().contains(group))
                .map(Watch::report)
                .toList();
    }

    private List<ComponentStatus> components() {
        return startup == null ? List.of() : startup.statuses();
    }

    /** Composes a health. */
    public static final class Builder {
        private final List<HealthCheck> checks = new ArrayList<>();
        private final List<FailureListener> listeners = new ArrayList<>();
        private @Nullable Startup startup;
        private Predicate<HttpRoute.Request> detailsFor = request -> false;
        private Ticker ticker = Ticker.system();
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /** @throws IllegalArgumentException if there is one of this name already */
        public Builder check(HealthCheck check) {
            if (checks.stream().anyMatch(other -> other.name().equals(check.name()))) {
                throw new IllegalArgumentException("There are two checks named " + check.name());
            }
            checks.add(check);
            return this;
        }

        /** Ready only when it is complete; degraded while something optional does not run. */
        public Builder startup(Startup newStartup) {
            this.startup = newStartup;
            return this;
        }

        /**
         * Who may see the single checks; nobody unless set. It decides by the head of the request, such as by a token in
         * a field; the comparison must take the same time for every wrong one.
         */
        public Builder detailsFor(Predicate<HttpRoute.Request> allowed) {
            this.detailsFor = allowed;
            return this;
        }

        /** Is told of each check that changes its mind. */
        public Builder listener(FailureListener listener) {
            listeners.add(listener);
            return this;
        }

        public Builder ticker(Ticker newTicker) {
            this.ticker = newTicker;
            return this;
        }

        public Builder clock(Clock newClock) {
            this.clock = newClock;
            return this;
        }

        public Health build() {
            return new Health(this);
        }
    }
}
