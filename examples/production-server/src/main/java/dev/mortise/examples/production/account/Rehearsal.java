package dev.mortise.examples.production.account;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.LocalProcess;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Reply;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.node.ObjectNode;

/** A message that comes from inside a call, from where that call came: whoever made it is asked for again. */
final class Rehearsal implements Exchange {
    private final Origin origin;
    private final byte[] message;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();

    /** @param name what is used, as the params have it */
    Rehearsal(Origin origin, String method, String name, ObjectNode params) {
        this.origin = switch (origin) {
            case HttpHead head -> new Head(head, method, name);
            case LocalProcess local -> local;
        };
        this.message = MessageCodec.encode(new Message.Request(RequestId.of(1), method, params));
    }

    /** What was answered; empty if nothing was. Asked when the exchange is over. */
    Optional<Message.Response> answer() {
        return reply.isDone() ? Optional.ofNullable(reply.join().message()) : Optional.empty();
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public Optional<byte[]> receive() {
        return Optional.of(message);
    }

    @Override
    public boolean acceptsEvents() {
        return false;
    }

    @Override
    public void offer(Message.Notification notification) {
        // Nobody listens.
    }

    @Override
    public void deliver(Message.Notification notification) {
        // Nobody listens.
    }

    @Override
    public void reply(Reply answer) {
        reply.complete(answer);
    }

    @Override
    public void onGone(Runnable action) {
        // It is here, and waits.
    }

    /** The head of the request that brought the call, with the fields that say what it is (transports: Standard Request Headers). */
    private record Head(HttpHead received, String called, String name) implements HttpHead {
        @Override
        public String method() {
            return received.method();
        }

        @Override
        public URI uri() {
            return received.uri();
        }

        @Override
        public List<String> headers(String field) {
            return switch (field.toLowerCase(Locale.ROOT)) {
                case "mcp-protocol-version" -> List.of(ProtocolVersion.V2026_07_28.wire());
                case "mcp-method" -> List.of(called);
                case "mcp-name" -> List.of(name);
                case "mcp-session-id" -> List.of();
                default -> received.headers(field);
            };
        }

        @Override
        public String remoteAddress() {
            return received.remoteAddress();
        }

        @Override
        public List<X509Certificate> peerCertificates() {
            return received.peerCertificates();
        }
    }
}
