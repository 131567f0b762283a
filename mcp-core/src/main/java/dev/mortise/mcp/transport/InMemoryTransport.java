package dev.mortise.mcp.transport;

import dev.mortise.mcp.jsonrpc.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Puts a test at the client's end of the wire, in the process of the server. What is sent and received goes through
 * its bytes, as on a real wire; nothing is lost or merged on the way, so every notification that the server offers
 * arrives, in order.
 *
 * <pre>{@code
 * InMemoryTransport wire = InMemoryTransport.to(server::handle);
 * Received received = wire.send("""
 *         {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {…}}""");
 * assertThat(received.result().at("/content/0/text").stringValue()).isEqualTo("42");
 *
 * try (Conversation listening = wire.open("""
 *         {"jsonrpc": "2.0", "id": 2, "method": "subscriptions/listen", "params": {…}}""")) {
 *     assertThat(listening.next().method()).isEqualTo("notifications/subscriptions/acknowledged");
 * }
 * }</pre>
 *
 * <p>Every message is handled on a virtual thread of its own. Thread-safe: many tests can share one, as long as their
 * clients are modern. To a legacy client it is one connection, so one session.
 */
public final class InMemoryTransport {
    /** How long a test waits, unless it says otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private final Consumer<Exchange> handler;
    private final Origin origin;
    private final Duration timeout;
    private final MemoryChannel channel;

    private InMemoryTransport(Consumer<Exchange> handler, Origin origin, Duration timeout, MemoryChannel channel) {
        this.handler = handler;
        this.origin = origin;
        this.timeout = timeout;
        this.channel = channel;
    }

    /**
     * A wire to this handler, whose messages come from a {@link LocalProcess}.
     *
     * @param handler takes each message, for example {@code server::handle}
     */
    public static InMemoryTransport to(Consumer<Exchange> handler) {
        return new InMemoryTransport(handler, new LocalProcess(), DEFAULT_TIMEOUT, new MemoryChannel());
    }

    /** Another wire, whose messages come from elsewhere: from an HTTP request with these headers, for example. */
    public InMemoryTransport from(Origin other) {
        return new InMemoryTransport(handler, other, timeout, new MemoryChannel());
    }

    /** The same wire, but every wait for the server ends after this time. */
    public InMemoryTransport within(Duration limit) {
        return new InMemoryTransport(handler, origin, limit, channel);
    }

    /**
     * Sends a message and waits until it is answered and its handler has returned.
     *
     * @param json one JSON-RPC message; white space around and line breaks in it do no harm
     * @throws IllegalStateException if no answer comes in time, or the handler fails
     */
    public Received send(String json) {
        return send(json.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #send(String)}, for bytes that are perhaps no text at all. */
    public Received send(byte[] message) {
        return open(message).end();
    }

    /** Sends a message and leaves it to the test what to wait for. */
    public Conversation open(String json) {
        return open(json.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #open(String)}, for bytes that are perhaps no text at all. */
    public Conversation open(byte[] message) {
        return Conversation.start(handler, origin, channel, message, timeout);
    }

    /**
     * Waits for the next message that the server sends unasked, as it may to a legacy client.
     *
     * @throws IllegalStateException if none comes in time
     */
    public Message unasked() {
        return channel.take(timeout);
    }

    /** Closes the connection, and with it the session that a legacy client has on it. */
    public void disconnect() {
        channel.close();
    }
}
