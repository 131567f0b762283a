package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.internal.session.LegacySession;
import dev.mortise.mcp.internal.session.Streams;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.transport.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Several messages in one array (2025-03-26, basic: Batching), sorted by kind.
 *
 * @param malformed the answers to those that are no messages
 */
public record Batch(
        List<Message.Request> requests,
        List<Message.Notification> notifications,
        List<Message.Response> responses,
        List<Message.Failure> malformed) {

    public static Batch of(MessageCodec.Decoded.Batch decoded) {
        List<Message.Request> requests = new ArrayList<>();
        List<Message.Notification> notifications = new ArrayList<>();
        List<Message.Response> responses = new ArrayList<>();
        List<Message.Failure> malformed = new ArrayList<>();
        for (MessageCodec.Decoded entry : decoded.messages()) {
            switch (entry) {
                case MessageCodec.Decoded.Malformed bad -> malformed.add(new Message.Failure(bad.id(), bad.error()));
                case MessageCodec.Decoded.Batch nested -> malformed.add(new Message.Failure(null, noBatch()));
                case MessageCodec.Decoded.Ok(Message.Request request) -> {
                    if (request.method().equals(Initialization.METHOD)) {
                        // Nothing can be known to hold for the others before it is answered (lifecycle).
                        malformed.add(new Message.Failure(
                                request.id(),
                                JsonRpcError.of(JsonRpcError.INVALID_REQUEST, "initialize stands alone")));
                    } else {
                        requests.add(request);
                    }
                }
                case MessageCodec.Decoded.Ok(Message.Notification notification) -> notifications.add(notification);
                case MessageCodec.Decoded.Ok(Message.Response response) -> responses.add(response);
            }
        }
        return new Batch(requests, notifications, responses, malformed);
    }

    /** How a batch is refused where there are none. */
    public static JsonRpcError noBatch() {
        return JsonRpcError.of(JsonRpcError.INVALID_REQUEST, "Batches are not supported: send one message at a time");
    }

    /** Whether nothing in it wants an answer. */
    boolean isSilent() {
        return requests.isEmpty() && malformed.isEmpty();
    }

    /** Answers all of them in one reply, when the last is done. */
    void answer(Exchange exchange, boolean endsWithWhole, @Nullable LegacySession session, Streams.Post handler) {
        Queue<Message.Response> done = new ConcurrentLinkedQueue<>(malformed);
        CountDownLatch open = new CountDownLatch(requests.size());
        for (Message.Request request : requests) {
            BatchEntry entry = BatchEntry.of(exchange, endsWithWhole, reply -> {
                if (reply.message() != null) {
                    done.add(reply.message());
                }
            });
            Thread.ofVirtual().name("mortise-batch-call").start(() -> {
                try {
                    answer(request, entry, session, handler);
                } finally {
                    open.countDown();
                }
            });
        }
        try {
            open.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.replyAll(List.copyOf(done));
    }

    private static void answer(
            Message.Request request, BatchEntry entry, @Nullable LegacySession session, Streams.Post handler) {
        if (session == null) {
            handler.handle(request, entry);
            return;
        }
        Runnable cancel = entry::cancel;
        LegacySession.Admission admission = session.begin(request.id(), cancel);
        if (admission != LegacySession.Admission.ADMITTED) {
            entry.reply(handler.refuse(request, admission));
            return;
        }
        try {
            handler.handle(request, entry);
        } finally {
            session.done(request.id(), cancel);
        }
    }
}
