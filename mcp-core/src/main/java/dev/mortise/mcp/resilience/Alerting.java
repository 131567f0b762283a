package dev.mortise.mcp.resilience;

import dev.mortise.mcp.observe.MetricNames;
import dev.mortise.mcp.observe.MetricSink;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes alerts of events and delivers them in the background. One problem is one alert, however often it is reported,
 * until it is over; one that comes back within {@code quiet} after that is not told again before. There are at most
 * {@code perMinute} messages, and at most a thousand problems waiting to be told; what does not fit is counted and
 * dropped. A problem that is over before anybody was told is not told at all. Thread-safe.
 *
 * <p>Nothing here blocks whoever reports an event. A delivery that fails is tried three times; that it failed is
 * counted, and logged once until one succeeds.
 */
public final class Alerting implements FailureListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Alerting.class);
    private static final int MOST_PROBLEMS = 1_000;
    private static final int TRIES = 3;
    private static final Backoff BETWEEN_TRIES = Backoff.between(Duration.ofMillis(500), Duration.ofSeconds(5));

    private final List<Alerter> alerters;
    private final int perMinute;
    private final Duration quiet;
    private final Duration repeat;
    private final Ticker ticker;
    private final Clock clock;
    private final Thread deliverer;
    private final ReentrantLock lock = new ReentrantLock();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final AtomicBoolean failing = new AtomicBoolean();
    private volatile boolean closed;

    // Under the lock:
    private final Map<String, Problem> problems = new LinkedHashMap<>();
    private final ArrayDeque<Long> sent = new ArrayDeque<>();

    /** A problem from its beginning until it has been quiet for a while. */
    private static final class Problem {
        private Alert alert;
        private boolean toldFiring;
        private boolean toldResolved = true;
        private long toldAt;
        private long endedAt;

        Problem(Alert alert) {
            this.alert = alert;
        }
    }

    private Alerting(Builder builder) {
        this.alerters = List.copyOf(builder.alerters);
        this.perMinute = builder.perMinute;
        this.quiet = builder.quiet;
        this.repeat = builder.repeat;
        this.ticker = builder.ticker;
        this.clock = builder.clock;
        this.deliverer = Thread.ofVirtual().name("mortise-alerts").start(this::deliver);
    }

    /** By the log alone, or by whatever is given. */
    public static Alerting to(Alerter... alerters) {
        Builder builder = builder();
        List.of(alerters).forEach(builder::alerter);
        return builder.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void changed(ServiceEvent event) {
        switch (event) {
            case ServiceEvent.BreakerChanged(String name, Breaker.State from, Breaker.State to) -> {
                switch (to) {
                    case OPEN -> fire("breaker", name, Alert.Severity.CRITICAL, name + " keeps failing: breaker open");
                    case CLOSED -> resolve("breaker", name);
                    case HALF_OPEN -> {}
                }
            }
            case ServiceEvent.ComponentFailed it ->
                fire(
                        "component",
                        it.name(),
                        it.required() ? Alert.Severity.CRITICAL : Alert.Severity.WARNING,
                        "Component " + it.name() + " does not run: " + it.reason());
            case ServiceEvent.ComponentStarted it -> resolve("component", it.name());
            case ServiceEvent.ComponentStopped it -> resolve("component", it.name());
            case ServiceEvent.AbandonedTooMany it ->
                fire(
                        "abandoned",
                        it.name(),
                        Alert.Severity.CRITICAL,
                        it.abandoned() + " handlers of " + it.name() + " hang and ignore their interrupt");
            case ServiceEvent.Shedding it -> {
                if (it.began()) {
                    fire(
                            "overload",
                            it.name(),
                            Alert.Severity.WARNING,
                            "Calls of " + it.name() + " are refused: overload");
                } else {
                    resolve("overload", it.name());
                }
            }
            case ServiceEvent.HealthChanged it -> {
                if (it.up()) {
                    resolve("health", it.name());
                } else {
                    fire(
                            "health",
                            it.name(),
                            Alert.Severity.CRITICAL,
                            "Check " + it.name() + " is down: " + it.reason());
                }
            }
        }
    }

    private void fire(String kind, String name, Alert.Severity severity, String summary) {
        fire(new Alert(
                kind + ":" + name, severity, summary, Map.of("kind", kind, "name", name), clock.instant(), null));
    }

    private void resolve(String kind, String name) {
        resolve(kind + ":" + name);
    }

    /** Reports a problem of the host's own. Never blocks. */
    public void fire(Alert alert) {
        lock.lock();
        try {
            Problem known = problems.get(alert.key());
            if (known != null) {
                boolean again = known.alert.isResolved();
                known.alert = again
                        ? alert
                        : new Alert(
                                alert.key(),
                                alert.severity(),
                                alert.summary(),
                                alert.labels(),
                                known.alert.startedAt(),
                                null);
                known.toldFiring = known.toldFiring && (!again || !known.toldResolved);
                return;
            }
            if (problems.size() >= MOST_PROBLEMS) {
                dropped.increment();
                return;
            }
            problems.put(alert.key(), new Problem(alert));
        } finally {
            lock.unlock();
        }
        LockSupport.unpark(deliverer);
    }

    /** Says that a problem is over. Never blocks; does nothing if there is none. */
    public void resolve(String key) {
        lock.lock();
        try {
            Problem known = problems.get(key);
            if (known == null || known.alert.isResolved()) {
                return;
            }
            known.alert = known.alert.resolved(clock.instant());
            known.toldResolved = !known.toldFiring;
            known.endedAt = ticker.nanos();
        } finally {
            lock.unlock();
        }
        LockSupport.unpark(deliverer);
    }

    private void deliver() {
        while (!closed) {
            Alert next;
            long until;
            lock.lock();
            try {
                long now = ticker.nanos();
                next = next(now);
                until = next == null ? wakeAt(now) : now;
            } finally {
                lock.unlock();
            }
            if (next != null) {
                alerters.forEach(alerter -> attempt(alerter, next));
            } else if (until == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                ticker.parkUntil(until);
            }
        }
    }

    /** What is to be told now, and is taken for told. */
    private @Nullable Alert next(long now) {
        problems.values()
                .removeIf(
                        each -> each.alert.isResolved() && each.toldResolved && now - each.endedAt >= quiet.toNanos());
        while (!sent.isEmpty() && now - sent.peek() >= Duration.ofMinutes(1).toNanos()) {
            sent.remove();
        }
        if (sent.size() >= perMinute) {
            return null;
        }
        for (Problem problem : problems.values()) {
            if (!problem.alert.isResolved() && mayFire(problem, now)) {
                problem.toldFiring = true;
                problem.toldResolved = false;
                problem.toldAt = now;
                sent.add(now);
                return problem.alert;
            }
            if (problem.alert.isResolved() && !problem.toldResolved) {
                problem.toldResolved = true;
                problem.toldFiring = false;
                sent.add(now);
                return problem.alert;
            }
        }
        return null;
    }

    private boolean mayFire(Problem problem, long now) {
        if (problem.toldFiring) {
            return now - problem.toldAt >= repeat.toNanos();
        }
        // One that has just been told as over is flapping: it waits until it would be told as new.
        return problem.toldAt == 0 || now - problem.endedAt >= quiet.toNanos();
    }

    private long wakeAt(long now) {
        return problems.isEmpty() ? Long.MAX_VALUE : now + Duration.ofSeconds(1).toNanos();
    }

    private void attempt(Alerter alerter, Alert alert) {
        for (int tries = 1; !closed; tries++) {
            try {
                alerter.send(alert);
                delivered.increment();
                failing.set(false);
                return;
            } catch (Exception | LinkageError | AssertionError e) {
                if (tries < TRIES) {
                    pause(BETWEEN_TRIES.delay(tries, ThreadLocalRandom.current()));
                    continue;
                }
                failed.increment();
                if (failing.compareAndSet(false, true)) {
                    // Without the exception's message: it may hold the URL, which may be a secret.
                    LOG.warn(
                            "Alerts cannot be delivered ({}); this is not said again until one is",
                            e.getClass().getSimpleName());
                }
                return;
            }
        }
    }

    private void pause(Duration duration) {
        long until = ticker.nanos() + duration.toNanos();
        while (!closed && ticker.nanos() - until < 0) {
            ticker.parkUntil(until);
        }
    }

    /** Shows how many messages were delivered, could not be, or were dropped. */
    public Alerting reportTo(MetricSink sink) {
        sink.total(MetricNames.ALERTS, Map.of("outcome", "delivered"), delivered::sum);
        sink.total(MetricNames.ALERTS, Map.of("outcome", "failed"), failed::sum);
        sink.total(MetricNames.ALERTS, Map.of("outcome", "dropped"), dropped::sum);
        return this;
    }

    /** Messages that were delivered. */
    public long delivered() {
        return delivered.sum();
    }

    /** Messages that could not be delivered. */
    public long failed() {
        return failed.sum();
    }

    /** Problems that were not told, because there were too many. */
    public long dropped() {
        return dropped.sum();
    }

    /** Ends the deliveries; what is not delivered yet is not. */
    @Override
    public void close() {
        closed = true;
        deliverer.interrupt();
    }

    /** Composes an alerting. */
    public static final class Builder {
        private final List<Alerter> alerters = new ArrayList<>();
        private int perMinute = 30;
        private Duration quiet = Duration.ofMinutes(1);
        private Duration repeat = Duration.ofHours(4);
        private Ticker ticker = Ticker.system();
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        public Builder alerter(Alerter alerter) {
            alerters.add(alerter);
            return this;
        }

        /** The most messages a minute, to each alerter; 30 unless set. */
        public Builder perMinute(int most) {
            this.perMinute = Checks.between(most, 1, 10_000, "perMinute");
            return this;
        }

        /** How long a problem that was over is not told again; a minute unless set. */
        public Builder quiet(Duration duration) {
            this.quiet = Checks.positive(duration, "quiet");
            return this;
        }

        /**
         * After how long a problem that is still there is told again; 4 hours unless set. Alertmanager forgets what it
         * does not hear of for its {@code resolve_timeout}, 5 minutes by default: set less than that for it.
         */
        public Builder repeat(Duration duration) {
            this.repeat = Checks.positive(duration, "repeat");
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

        public Alerting build() {
            if (alerters.isEmpty()) {
                alerters.add(Alerter.log());
            }
            return new Alerting(this);
        }
    }
}
