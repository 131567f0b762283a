package dev.mortise.mcp.resilience;

import dev.mortise.mcp.internal.resilience.Ended;
import dev.mortise.mcp.internal.resilience.Shield;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One component and where it stands. Thread-safe. */
final class RunningComponent {
    private static final Logger LOG = LoggerFactory.getLogger(RunningComponent.class);
    private static final int UNDER_WAY = 0;
    private static final int DONE = 1;
    private static final int TOO_LATE = 2;

    private final Component component;
    private final Ticker ticker;
    private final FailureListener listener;
    private final CountDownLatch decided = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile ComponentStatus.State state = ComponentStatus.State.NEW;
    private volatile @Nullable Exception problem;

    RunningComponent(Component component, Ticker ticker, FailureListener listener) {
        this.component = component;
        this.ticker = ticker;
        this.listener = listener;
    }

    Component component() {
        return component;
    }

    boolean isRunning() {
        return state == ComponentStatus.State.RUNNING;
    }

    /** Why it does not run. */
    @Nullable
    Exception problem() {
        return problem;
    }

    /** Waits for the first try to be over, however it ends. */
    void awaitDecided() throws InterruptedException {
        decided.await();
    }

    void awaitStopped() throws InterruptedException {
        stopped.await();
    }

    ComponentStatus status() {
        Exception why = problem;
        return new ComponentStatus(
                component.name(), component.tier(), component.required(), state, why == null ? null : reason(why));
    }

    static String reason(Throwable why) {
        return why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage();
    }

    /** Tries to start it; true if it runs then. */
    boolean start() {
        state = ComponentStatus.State.STARTING;
        long began = ticker.nanos();
        try {
            startInTime();
            problem = null;
            state = ComponentStatus.State.RUNNING;
            listener.changed(new ServiceEvent.ComponentStarted(component.name(), since(began)));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
            return false;
        } catch (Exception e) {
            fail(e);
            return false;
        } finally {
            decided.countDown();
        }
    }

    void fail(Exception why) {
        problem = why;
        state = ComponentStatus.State.FAILED;
        decided.countDown();
    }

    /** A start that is given up and succeeds all the same is undone at once: nobody else knows of it. */
    private void startInTime() throws Exception {
        AtomicInteger handshake = new AtomicInteger(UNDER_WAY);
        Ended<Boolean> ended = bounded(component.startTimeout(), () -> {
            component.start().run();
            if (!handshake.compareAndSet(UNDER_WAY, DONE)) {
                LOG.warn("Component {} started too late: stopping it", component);
                component.stop().run();
            }
        });
        if (ended instanceof Ended.Value<Boolean> || !handshake.compareAndSet(UNDER_WAY, TOO_LATE)) {
            if (handshake.get() == DONE) {
                return;
            }
        }
        throw problemOf(ended, "it did not start within " + component.startTimeout());
    }

    private static Exception problemOf(Ended<Boolean> ended, String late) {
        return switch (ended) {
            case Ended.Threw<Boolean> threw ->
                threw.thrown() instanceof Exception e ? e : new IllegalStateException(threw.thrown());
            case Ended.Cancelled<Boolean> cancelled -> new InterruptedException("it was told to give up");
            case Ended.TimedOut<Boolean> timedOut -> new TimeoutException(late);
            case Ended.Value<Boolean> value -> new IllegalStateException("it was given up");
            case Ended.Down<Boolean> down -> new IllegalStateException("an earlier try still hangs");
            case Ended.Full<Boolean> full -> new IllegalStateException("too many at once");
        };
    }

    private Ended<Boolean> bounded(Duration timeout, Component.Step step) {
        Protection bounds = Protection.builder().timeout(timeout).build();
        return new Shield(component.name(), bounds, ticker, event -> {})
                .run(
                        new GuardedWork<Boolean>(() -> {
                            step.run();
                            return true;
                        }),
                        Long.MAX_VALUE,
                        Duration.ZERO);
    }

    /** Stops it if it runs, and returns within its time-out whatever it does. */
    @Nullable
    Exception stop() {
        boolean ran = isRunning();
        state = ComponentStatus.State.STOPPED;
        try {
            if (!ran) {
                return null;
            }
            long began = ticker.nanos();
            Ended<Boolean> ended = bounded(component.stopTimeout(), component.stop());
            if (ended instanceof Ended.Value<Boolean>) {
                listener.changed(new ServiceEvent.ComponentStopped(component.name(), since(began)));
                return null;
            }
            Exception why = problemOf(ended, "it did not stop within " + component.stopTimeout());
            LOG.warn("Component {} did not stop", component, why);
            listener.changed(
                    new ServiceEvent.ComponentFailed(component.name(), component.required(), reason(why), null));
            return why;
        } finally {
            stopped.countDown();
        }
    }

    private Duration since(long began) {
        return Duration.ofNanos(ticker.nanos() - began);
    }
}
