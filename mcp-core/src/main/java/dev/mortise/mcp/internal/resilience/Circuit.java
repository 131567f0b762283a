package dev.mortise.mcp.internal.resilience;

import dev.failsafe.CircuitBreaker;
import dev.mortise.mcp.resilience.Breaker;
import dev.mortise.mcp.resilience.FailureListener;
import dev.mortise.mcp.resilience.ServiceEvent;
import dev.mortise.mcp.resilience.Ticker;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * The state of one circuit breaker. Failsafe counts and decides; the time and the trials are our own, because its time
 * cannot be owned by a test, and a trial that neither succeeds nor fails would never give its permit back there
 * (decision 25). Thread-safe.
 */
public final class Circuit {
    /** To {@link #exit}: this call has to be refused. */
    public static final long REFUSED = -1;

    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final String name;
    private final Breaker config;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final FailureListener listener;
    private final CircuitBreaker<Object> breaker;
    private final ReentrantLock lock = new ReentrantLock();

    /** Changes with every state, so that what began in one does not count in another. */
    private volatile long generation;

    private volatile CircuitBreaker.State state = CircuitBreaker.State.CLOSED;
    private volatile long reopensAt;
    private int trials;

    /** How a call ended, as far as a breaker is concerned. */
    public enum Verdict {
        SUCCESS,
        FAILURE,
        NEITHER
    }

    public Circuit(String name, Breaker config, Ticker ticker, RandomGenerator random, FailureListener listener) {
        this.name = name;
        this.config = config;
        this.ticker = ticker;
        this.random = random;
        this.listener = listener;
        this.breaker = CircuitBreaker.builder()
                .withFailureThreshold(config.failures(), config.outOf())
                .withSuccessThreshold(config.trials(), config.trials())
                .withDelay(FOR_EVER)
                .build();
    }

    /** Lets a call in: a ticket for {@link #exit}, or {@link #REFUSED}. */
    public long enter() {
        long ticket = generation;
        return state == CircuitBreaker.State.CLOSED ? ticket : enterCarefully();
    }

    private long enterCarefully() {
        Breaker.State before;
        long ticket;
        lock.lock();
        try {
            before = state();
            if (state == CircuitBreaker.State.OPEN && ticker.nanos() - reopensAt >= 0) {
                breaker.halfOpen();
                note();
            }
            switch (state) {
                case CLOSED -> ticket = generation;
                case OPEN -> ticket = REFUSED;
                case HALF_OPEN -> {
                    ticket = trials < config.trials() ? generation : REFUSED;
                    trials += ticket == REFUSED ? 0 : 1;
                }
                default -> throw new IllegalStateException("Unknown state " + state);
            }
        } finally {
            lock.unlock();
        }
        tell(before);
        return ticket;
    }

    /** The call has ended. */
    public void exit(long ticket, Verdict verdict) {
        if (ticket != generation) {
            return;
        }
        Breaker.State before;
        lock.lock();
        try {
            if (ticket != generation) {
                return;
            }
            before = state();
            if (state == CircuitBreaker.State.HALF_OPEN) {
                trials--;
            }
            switch (verdict) {
                case SUCCESS -> breaker.recordSuccess();
                case FAILURE -> {
                    reopensAt = ticker.nanos() + (long) (config.openFor().toNanos() * (1 - 0.1 * random.nextDouble()));
                    breaker.recordFailure();
                }
                case NEITHER -> {}
            }
            note();
        } finally {
            lock.unlock();
        }
        tell(before);
    }

    /** Under the lock. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // the lock makes it so
    private void note() {
        CircuitBreaker.State now = breaker.getState();
        if (now != state) {
            trials = 0;
            generation++;
            state = now;
        }
    }

    /** Without the lock: a listener may look at this breaker. */
    private void tell(Breaker.State before) {
        Breaker.State now = state();
        if (now != before) {
            listener.changed(new ServiceEvent.BreakerChanged(name, before, now));
        }
    }

    public Breaker.State state() {
        return switch (state) {
            case CLOSED -> Breaker.State.CLOSED;
            case OPEN -> Breaker.State.OPEN;
            case HALF_OPEN -> Breaker.State.HALF_OPEN;
        };
    }

    /** Whether a call that comes now would be refused for certain. */
    public boolean isOpen() {
        return state == CircuitBreaker.State.OPEN && ticker.nanos() - reopensAt < 0;
    }

    /** How long until a trial may pass; a little, where that depends on other calls. */
    public Duration retryAfter() {
        long left = state == CircuitBreaker.State.OPEN ? reopensAt - ticker.nanos() : 0;
        return Duration.ofNanos(Math.max(left, Duration.ofMillis(200).toNanos()));
    }
}
