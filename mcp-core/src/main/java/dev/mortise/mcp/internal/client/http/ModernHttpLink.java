package dev.mortise.mcp.internal.client.http;

import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.internal.client.Inbox;
import dev.mortise.mcp.internal.client.Link;
import dev.mortise.mcp.internal.client.sse.ServerSentEvent;
import dev.mortise.mcp.internal.client.sse.SseReader;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Streamable HTTP since 2026-07-28: every request is an exchange of its own, and ending the exchange cancels it. Nothing
 * connects one request with another.
 */
public final class ModernHttpLink implements Link {
    static final Map<String, String> POST_HEADERS =
            Map.of("content-type", "application/json", "accept", "application/json, text/event-stream");

    private final HttpSender sender;
    private final Inbox inbox;
    private final Flights flights;
    private volatile boolean closed;

    public ModernHttpLink(HttpSender sender, Inbox inbox) {
        this.sender = sender;
        this.inbox = inbox;
        this.flights = new Flights(inbox, sender.label());
    }

    @Override
    public void send(Message.Request request, Map<String, String> headers) {
        if (closed) {
            throw new TransportException("The client was closed", null);
        }
        Map<String, String> all = new LinkedHashMap<>(POST_HEADERS);
        all.putAll(headers);
        byte[] body = MessageCodec.encode(request);
        flights.start(request.id(), flight -> {
            try (HttpAnswer answer =
                    sender.send("POST", sender.uri(), all, body, flight, flights.waiting(request.id()))) {
                receive(request, answer, flight);
            }
        });
    }

    private void receive(Message.Request request, HttpAnswer answer, Flight flight) throws IOException {
        if (!answer.isGood()) {
            throw sender.refusal(request.method(), answer);
        }
        if (answer.isEventStream()) {
            SseReader events = new SseReader(answer.body(), sender.limits().maxMessageBytes());
            while (!inbox.isSettled(request.id())) {
                Optional<ServerSentEvent> event = events.next();
                if (event.isEmpty()) {
                    return;
                }
                if (event.get().isMessage()) {
                    inbox.received(event.get().data(), request.id());
                }
            }
            Flights.linger(flight, events);
        } else if (answer.isJson()) {
            inbox.received(answer.read(sender.limits().maxMessageBytes()), request.id());
            if (!inbox.isSettled(request.id())) {
                throw new ProtocolViolationException(
                        request.method() + " was answered with a message that is not its response");
            }
        } else {
            throw new ProtocolViolationException(request.method() + " was answered with status " + answer.status()
                    + " and neither JSON nor an event stream; is " + sender.label() + " an MCP endpoint?");
        }
    }

    /** The core protocol has none that a client sends over HTTP; an extension may. */
    @Override
    public void send(Message.Notification notification) {
        throw new UnsupportedOperationException("Clients of this revision send no notifications over HTTP");
    }

    @Override
    public void send(Message.Response response) {
        throw new UnsupportedOperationException("Clients of this revision send no responses");
    }

    @Override
    public void cancel(RequestId request) {
        flights.end(request);
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
        flights.endAll();
    }
}
