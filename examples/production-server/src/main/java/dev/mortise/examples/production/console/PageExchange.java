package dev.mortise.examples.production.console;

import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Reply;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One message of the page to the endpoint, by the way that every message goes: authentication, all interceptors, the audit
 * log. The answer comes as a whole; progress on the way to it is not shown.
 */
final class PageExchange implements Exchange {
    private final HttpHead head;
    private final byte[] message;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();

    private PageExchange(HttpHead head, byte[] message) {
        this.head = head;
        this.message = message;
    }

    /** @param endpoint such as {@code server::handle}: it returns when the exchange is over */
    static HttpRoute.Response through(Consumer<Exchange> endpoint, HttpRoute.Request request) {
        PageExchange exchange = new PageExchange(request.head(), request.body());
        endpoint.accept(exchange);
        // It is over by now. Whatever was not answered must not keep the browser waiting.
        return exchange.reply.isDone()
                ? response(exchange.reply.join())
                : Answers.error(500, "The server gave no answer");
    }

    private static HttpRoute.Response response(Reply reply) {
        byte[] body = reply.message() == null ? new byte[0] : MessageCodec.encode(reply.message());
        Map<String, String> headers = new HashMap<>(reply.headers());
        headers.put("Cache-Control", "no-store");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        return new HttpRoute.Response(reply.status(), "application/json", body, headers);
    }

    @Override
    public Origin origin() {
        return head;
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
        // Nobody reads it.
    }

    @Override
    public void deliver(Message.Notification notification) throws IOException {
        reply(Reply.silence());
        throw new IOException("The console does not listen to streams");
    }

    @Override
    public void reply(Reply answer) {
        reply.complete(answer);
    }

    @Override
    public void onGone(Runnable action) {
        // A route does not learn that its browser has gone: tools have their time-outs.
    }
}
