package dev.mortise.mcp.resilience;

import dev.mortise.mcp.internal.resilience.Events;
import dev.mortise.mcp.observe.MetricNames;
import dev.mortise.mcp.observe.MetricSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts components tier by tier, those of a tier side by side, and stops them in reverse. A required one that fails
 * stops the start. An optional one is left out, and tried again in the background until it joins. Thread-safe; starts
 * once.
 *
 * <pre>{@code
 * Startup startup = Startup.of(database, index);
 * startup.start();
 * McpServer server = McpServer.builder("acme", "1.0")
 *         .plugin(Resilience.builder().startup(startup).build())
 *         .build();
 * ...
 * server.close(); // stops the components, too
 * }</pre>
 */
public final class Startup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

    private final ComponentPlan plan;
    private final Map<String, RunningComponent> components = new LinkedHashMap<>();
    private final Backoff backoff;
    private final Ticker ticker;
    private final FailureListener listener;
    private final AtomicBoolean began = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Thread> retrying = new CopyOnWriteArrayList<>();
    private volatile boolean complete;

    private Startup(Builder builder) {
        this.plan = ComponentPlan.of(builder.components);
        this.backoff = builder.backoff;
        this.ticker = builder.ticker;
        this.listener = new Events(builder.listeners);
        plan.byName()
                .forEach((name, component) -> components.put(name, new RunningComponent(component, ticker, listener)));
    }

    /** @throws IllegalArgumentException as {@link Builder#build} does */
    public static Startup of(Component... components) {
        Builder builder = builder();
        List.of(components).forEach(builder::component);
        return builder.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts everything; returns when all required components run.
     *
     * @throws StartupFailed if one of those does not, when all that had started is stopped again
     */
    public void start() {
        if (!began.compareAndSet(false, true)) {
            throw new IllegalStateException("It was started before: a Startup starts once");
        }
        for (List<Component> tier : plan.tiers().values()) {
            AtomicReference<RunningComponent> failed = new AtomicReference<>();
            startTier(tier, failed);
            RunningComponent culprit = failed.get();
            if (culprit != null) {
                throw undone(culprit);
            }
        }
        complete = true;
        components.values().stream().filter(component -> !component.isRunning()).forEach(this::retryInBackground);
    }

    private void startTier(List<Component> tier, AtomicReference<RunningComponent> failed) {
        List<Thread> threads = new ArrayList<>();
        // All exist before one runs: the first that fails interrupts the others.
        for (Component component : tier) {
            RunningComponent running = component(component.name());
            threads.add(Thread.ofVirtual().name("mortise-start-" + component).unstarted(() -> {
                if (!startOnce(running)) {
                    tell(running, 1);
                    if (component.required() && failed.compareAndSet(null, running)) {
                        threads.forEach(Thread::interrupt);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        join(threads, null);
    }

    private boolean startOnce(RunningComponent component) {
        try {
            for (String name : component.component().dependencies()) {
                component(name).awaitDecided();
                if (!component(name).isRunning()) {
                    component.fail(new IllegalStateException("it needs " + name + ", which does not run"));
                    return false;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            component.fail(e);
            return false;
        }
        return component.start();
    }

    /** @param failures how often it has failed */
    private void tell(RunningComponent component, int failures) {
        Exception why = component.problem();
        String reason = why == null ? "unknown" : RunningComponent.reason(why);
        boolean required = component.component().required();
        Duration longest = required ? null : backoff.max();
        LOG.warn("Component {} did not start (try {}): {}", component.component(), failures, reason);
        listener.changed(new ServiceEvent.ComponentFailed(component.component().name(), required, reason, longest));
    }

    private StartupFailed undone(RunningComponent culprit) {
        Exception why = culprit.problem();
        Exception cause = why == null ? new IllegalStateException("unknown") : why;
        StartupFailed failure = new StartupFailed(culprit.component().name(), RunningComponent.reason(cause), cause);
        closed.set(true);
        stopAll(failure::addSuppressed);
        over.countDown();
        return failure;
    }

    private void retryInBackground(RunningComponent component) {
        Thread thread = Thread.ofVirtual()
                .name("mortise-retry-" + component.component())
                .unstarted(() -> retry(component));
        retrying.add(thread);
        thread.start();
    }

    private void retry(RunningComponent component) {
        int failures = 1;
        while (!closed.get()) {
            Duration wait = backoff.delay(failures, ThreadLocalRandom.current());
            long until = ticker.nanos() + wait.toNanos();
            while (ticker.nanos() - until < 0) {
                if (closed.get()) {
                    return;
                }
                ticker.parkUntil(until);
            }
            if (closed.get() || startOnce(component)) {
                return;
            }
            failures++;
            tell(component, failures);
        }
    }

    /** Whether a component runs; an unknown one does not. */
    public boolean isRunning(String name) {
        RunningComponent component = components.get(name);
        return component != null && component.isRunning();
    }

    /** Whether all required components have started, and are not being stopped. */
    public boolean isComplete() {
        return complete && !closed.get();
    }

    /** Shows of each component whether it runs. */
    public Startup reportTo(MetricSink sink) {
        components.forEach((name, component) -> sink.gauge(
                MetricNames.COMPONENT_RUNNING,
                Map.of(
                        "component",
                        name,
                        "required",
                        Boolean.toString(component.component().required())),
                () -> component.isRunning() ? 1 : 0));
        return this;
    }

    public List<ComponentStatus> statuses() {
        return components.values().stream().map(RunningComponent::status).toList();
    }

    Collection<Component> all() {
        return plan.byName().values();
    }

    /**
     * Stops all that runs, the last tier first, those of a tier side by side. One that hangs is left behind after its
     * time-out, so that this ends within the sum of the longest time-outs of the tiers.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            retrying.forEach(Thread::interrupt);
            join(retrying, Duration.ofSeconds(5));
            stopAll(problem -> {});
            over.countDown();
            return;
        }
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopAll(Consumer<Exception> problems) {
        for (List<Component> tier : plan.tiers().descendingMap().values()) {
            List<Thread> threads = new ArrayList<>();
            List<Exception> failed = Collections.synchronizedList(new ArrayList<>());
            for (Component component : tier) {
                Predicate<Component> dependent = other -> other.dependencies().contains(component.name());
                List<Component> before = tier.stream().filter(dependent).toList();
                threads.add(Thread.ofVirtual().name("mortise-stop-" + component).start(() -> {
                    Exception problem = stopAfter(before, component(component.name()));
                    if (problem != null) {
                        failed.add(problem);
                    }
                }));
            }
            join(threads, null);
            failed.forEach(problems);
        }
    }

    private @Nullable Exception stopAfter(List<Component> others, RunningComponent component) {
        try {
            for (Component other : others) {
                component(other.name()).awaitStopped();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return component.stop();
    }

    private RunningComponent component(String name) {
        RunningComponent component = components.get(name);
        if (component == null) {
            throw new IllegalArgumentException("There is no component " + name);
        }
        return component;
    }

    /** An interrupt does not end the waiting, because what is waited for is bounded; it is passed on in the end. */
    private static void join(List<Thread> threads, @Nullable Duration atMost) {
        boolean interrupted = false;
        long end = System.nanoTime() + (atMost == null ? 0 : atMost.toNanos());
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                long left = atMost == null ? Long.MAX_VALUE : end - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                try {
                    thread.join(Duration.ofMillis(Math.min(TimeUnit.NANOSECONDS.toMillis(left), 60_000) + 1));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Composes a startup. */
    public static final class Builder {
        private final List<Component> components = new ArrayList<>();
        private final List<FailureListener> listeners = new ArrayList<>();
        private Backoff backoff = Backoff.between(Duration.ofMillis(500), Duration.ofSeconds(5));
        private Ticker ticker = Ticker.system();

        private Builder() {}

        public Builder component(Component component) {
            components.add(component);
            return this;
        }

        /** How long to wait before an optional component is tried again; half a second at first, 5 in the end. */
        public Builder retry(Backoff newBackoff) {
            this.backoff = newBackoff;
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

        /**
         * Composes it.
         *
         * @throws IllegalArgumentException if two components have the same name, or one depends on something that does
         *     not exist, starts later, waits for it in turn, or is optional while it is required itself
         */
        public Startup build() {
            return new Startup(this);
        }
    }
}
