package dev.mortise.mcp.transport;

import dev.mortise.mcp.jsonrpc.RequestId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The exchanges of one channel that are being handled. Requests and other messages have the same bound but count
 * apart, so that a full house of requests never keeps out what they may wait for. Thread-safe; only
 * {@link #awaitNone} blocks.
 */
final class InFlight {
    enum Admission {
        ADMITTED,
        /** A request with this id is not answered yet. */
        DUPLICATE,
        /** There are as many as may be. */
        FULL,
        /** No more are taken. */
        CLOSED
    }

    private final int max;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private final Map<RequestId, LineExchange> unanswered = new HashMap<>();
    private final Set<LineExchange> requests = new HashSet<>();
    private final Set<LineExchange> others = new HashSet<>();
    private boolean closed;

    InFlight(int max) {
        this.max = max;
    }

    /** How many requests may be in flight, and how many other messages. */
    int max() {
        return max;
    }

    Admission admit(LineExchange exchange) {
        RequestId id = exchange.id();
        Set<LineExchange> peers = id == null ? others : requests;
        lock.lock();
        try {
            if (closed) {
                return Admission.CLOSED;
            }
            if (id != null && unanswered.containsKey(id)) {
                return Admission.DUPLICATE;
            }
            if (peers.size() >= max) {
                return Admission.FULL;
            }
            peers.add(exchange);
            if (id != null) {
                unanswered.put(id, exchange);
            }
            return Admission.ADMITTED;
        } finally {
            lock.unlock();
        }
    }

    /** The request with this id, if it is not answered yet. */
    Optional<LineExchange> unanswered(RequestId id) {
        lock.lock();
        try {
            return Optional.ofNullable(unanswered.get(id));
        } finally {
            lock.unlock();
        }
    }

    /** The exchange will not be answered any more: its id is free. */
    void answered(LineExchange exchange) {
        if (exchange.id() == null) {
            return;
        }
        lock.lock();
        try {
            unanswered.remove(exchange.id(), exchange);
        } finally {
            lock.unlock();
        }
    }

    /** The exchange is over, and so is its handler. */
    void leave(LineExchange exchange) {
        lock.lock();
        try {
            requests.remove(exchange);
            others.remove(exchange);
            if (requests.isEmpty() && others.isEmpty()) {
                none.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** From now on none is admitted. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** All exchanges that are not over. */
    List<LineExchange> all() {
        lock.lock();
        try {
            Set<LineExchange> all = new HashSet<>(requests);
            all.addAll(others);
            return List.copyOf(all);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all exchanges are over, but not for longer than the time given. */
    boolean awaitNone(Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (!requests.isEmpty() || !others.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = none.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
