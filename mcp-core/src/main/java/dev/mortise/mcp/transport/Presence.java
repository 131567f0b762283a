package dev.mortise.mcp.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the sender of one message still waits for its answer. It stops waiting once: because it was answered, or
 * because it went away. Thread-safe; never blocks.
 */
final class Presence {
    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

    private enum State {
        WAITING,
        ANSWERED,
        GONE
    }

    private final ReentrantLock lock = new ReentrantLock();
    private State state = State.WAITING;
    private List<Runnable> actions = List.of();

    boolean waiting() {
        lock.lock();
        try {
            return state == State.WAITING;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the right to answer; {@code false} if the sender went away, or was answered before. */
    boolean answer() {
        return leave(State.ANSWERED).isPresent();
    }

    /**
     * The sender goes away: what was to run then runs.
     *
     * @return {@code false} if it had stopped waiting before
     */
    boolean vanish(Executor executor) {
        var left = leave(State.GONE);
        left.filter(waiting -> !waiting.isEmpty())
                .ifPresent(waiting -> executor.execute(() -> waiting.forEach(Presence::runLogged)));
        return left.isPresent();
    }

    /** Runs the action when the sender goes away unanswered; at once if it is gone already. */
    void onGone(Runnable action) {
        lock.lock();
        try {
            switch (state) {
                case WAITING -> {
                    actions = new ArrayList<>(actions);
                    actions.add(action);
                    return;
                }
                case ANSWERED -> {
                    return;
                }
                case GONE -> {}
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    private Optional<List<Runnable>> leave(State next) {
        lock.lock();
        try {
            if (state != State.WAITING) {
                return Optional.empty();
            }
            state = next;
            List<Runnable> left = actions;
            actions = List.of();
            return Optional.of(left);
        } finally {
            lock.unlock();
        }
    }

    private static void runLogged(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("An action for a vanished sender failed", e);
        }
    }
}
