package dev.mortise.mcp.internal.client.http;

import dev.mortise.mcp.client.CallCancelledException;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.internal.client.Inbox;
import dev.mortise.mcp.internal.client.sse.SseReader;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The exchanges of requests that are under way, each on a virtual thread of its own. Thread-safe. */
final class Flights {
    private static final Logger LOG = LoggerFactory.getLogger(Flights.class);

    private static final Duration LINGER = Duration.ofMillis(500);

    /** What is done with one exchange. */
    interface Journey {
        void run(Flight flight) throws IOException, InterruptedException;
    }

    /** What is done with the exchange of a message that has no answer. */
    interface Delivery {
        void run(Flight flight, HttpSender.Waiting waiting) throws IOException, InterruptedException;
    }

    private final Inbox inbox;
    private final String label;
    private final Map<RequestId, Flight> open = new ConcurrentHashMap<>();
    private final Set<Flight> messages = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private volatile boolean closed;

    Flights(Inbox inbox, String label) {
        this.inbox = inbox;
        this.label = label;
    }

    /** Begins an exchange that brings the answer; however it ends, the inbox hears of it. */
    void start(RequestId id, Journey journey) {
        startOneWay(id, flight -> {
            journey.run(flight);
            inbox.failed(id, new TransportException(label + " ended its stream before the answer", null));
        });
    }

    /** Begins an exchange whose answer comes another way; the inbox hears of it if it fails. */
    void startOneWay(RequestId id, Journey journey) {
        Flight flight = new Flight();
        open.put(id, flight);
        Thread.ofVirtual().name("mortise-client-http").start(() -> {
            flight.on(Thread.currentThread());
            try {
                journey.run(flight);
            } catch (InterruptedException | CancellationException e) {
                inbox.failed(id, new CallCancelledException("The request was cancelled"));
            } catch (McpException e) {
                inbox.failed(id, e);
            } catch (SseReader.TooLong e) {
                inbox.failed(id, new ProtocolViolationException(label + " sent too much at once", e));
            } catch (IOException | RuntimeException e) {
                if (!flight.isEnded()) {
                    LOG.debug("An exchange broke off", e);
                }
                inbox.failed(
                        id, new TransportException("The exchange with " + label + " broke off: " + e.getMessage(), e));
            } finally {
                open.remove(id, flight);
                flight.end();
                removed();
            }
        });
    }

    /**
     * Delivers a message that has no answer, and waits until it is delivered. It ends with the link, and with the limit: a
     * server that takes requests and says nothing must not hold up whoever tells it something.
     *
     * @throws TransportException if it is not delivered in time
     */
    void deliver(String what, Duration limit, Delivery delivery) {
        Flight flight = new Flight();
        messages.add(flight);
        if (closed) {
            flight.end();
        }
        try (Deadline deadline = new Deadline(flight, limit)) {
            delivery.run(flight, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransportException("Interrupted while sending " + what, e);
        } catch (IOException | CancellationException e) {
            String why = !flight.isEnded()
                    ? "The exchange with " + label + " broke off"
                    : closed ? "The client was closed" : label + " did not take " + what + " within " + limit;
            throw new TransportException(why, e);
        } finally {
            messages.remove(flight);
            flight.end();
        }
    }

    /**
     * Reads what is left of a stream whose answer has come, so that its connection can be used again; a server that
     * does not end it soon loses the connection.
     */
    static void linger(Flight flight, SseReader events) throws IOException {
        if (flight.isEnded()) {
            return;
        }
        Thread.ofVirtual().name("mortise-client-linger").start(() -> {
            try {
                Thread.sleep(LINGER);
            } catch (InterruptedException e) {
                LOG.debug("Nobody interrupts this", e);
            }
            flight.end();
        });
        while (events.next().isPresent()) {
            LOG.debug("The server goes on after the answer");
        }
    }

    HttpSender.Waiting waiting(RequestId id) {
        return new HttpSender.Waiting() {
            @Override
            public void hold() {
                inbox.hold(id);
            }

            @Override
            public void release() {
                inbox.release(id);
            }
        };
    }

    /** Waits until no exchange is under way. */
    void awaitIdle(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        lock.lock();
        try {
            while (!open.isEmpty() && deadline - System.nanoTime() > 0) {
                ended.awaitNanos(deadline - System.nanoTime());
            }
        } finally {
            lock.unlock();
        }
    }

    private void removed() {
        lock.lock();
        try {
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void end(RequestId id) {
        Flight flight = open.remove(id);
        if (flight != null) {
            flight.end();
            removed();
        }
    }

    void endAll() {
        closed = true;
        messages.forEach(Flight::end);
        for (RequestId id : open.keySet()) {
            end(id);
        }
    }
}
