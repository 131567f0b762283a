package dev.mortise.mcp.internal.client.sse;

/** One event of a stream. */
public final class ServerSentEvent {
    private final String type;
    private final byte[] data;

    ServerSentEvent(String type, byte[] data) {
        this.type = type;
        this.data = data;
    }

    /** Whether this is a message of the protocol; an event without data only moves the position in the stream. */
    public boolean isMessage() {
        return type.equals("message") && data.length > 0;
    }

    /** {@code message} unless the server says otherwise. */
    public String type() {
        return type;
    }

    public byte[] data() {
        return data;
    }
}
