package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.HandlerFailedException;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Answers what a legacy server asks of its own accord, each question on a thread of its own. There are never more of them
 * than a person could have to do with. Thread-safe.
 */
public final class ServerRequests {
    private static final Logger LOG = LoggerFactory.getLogger(ServerRequests.class);
    private static final int MAX_OPEN = 64;

    private final Map<RequestId, Thread> open = new ConcurrentHashMap<>();
    private final AtomicBoolean refusing = new AtomicBoolean();
    private final Answers answers;

    public ServerRequests(Answers answers) {
        this.answers = answers;
    }

    void answer(Message.Request request, Supplier<Link> link) {
        Thread thread = Thread.ofVirtual().name("mortise-client-answer").unstarted(() -> {
            try {
                reply(link, respond(request));
            } finally {
                open.remove(request.id());
            }
        });
        // Before it begins, so that a cancellation finds it; a repeated id is answered by the first.
        if (open.size() >= MAX_OPEN) {
            refuse(request, link);
        } else if (open.putIfAbsent(request.id(), thread) == null) {
            thread.start();
        }
    }

    /** One refusal at a time; a server that floods its client gets no more than that. */
    private void refuse(Message.Request request, Supplier<Link> link) {
        if (refusing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("mortise-client-answer").start(() -> {
                try {
                    reply(link, failure(request, "Too many questions are open"));
                } finally {
                    refusing.set(false);
                }
            });
        }
    }

    void cancel(RequestId id) {
        Thread thread = open.get(id);
        if (thread != null) {
            thread.interrupt();
        }
    }

    void cancelAll() {
        open.values().forEach(Thread::interrupt);
    }

    private Message.Response respond(Message.Request request) {
        if (request.method().equals("ping")) {
            return new Message.Result(request.id(), Json.object());
        }
        try {
            JsonNode params = request.params();
            return new Message.Result(request.id(), answers.answer(request.method(), params));
        } catch (Answers.Unsupported e) {
            return new Message.Failure(
                    request.id(), JsonRpcError.of(JsonRpcError.METHOD_NOT_FOUND, "This client has no such method"));
        } catch (IllegalArgumentException e) {
            return new Message.Failure(
                    request.id(), JsonRpcError.of(JsonRpcError.INVALID_PARAMS, "The params are not valid"));
        } catch (HandlerFailedException e) {
            LOG.warn("A question of the server cannot be answered", e);
            return failure(request, "The client could not answer");
        } catch (InterruptedException e) {
            return failure(request, "The client does not answer any more");
        }
    }

    private static Message.Failure failure(Message.Request request, String why) {
        return new Message.Failure(request.id(), JsonRpcError.of(JsonRpcError.INTERNAL_ERROR, why));
    }

    private static void reply(Supplier<Link> link, Message.Response response) {
        try {
            link.get().send(response);
        } catch (McpException e) {
            LOG.warn("An answer did not reach the server: {}", e.getMessage());
        }
    }
}
