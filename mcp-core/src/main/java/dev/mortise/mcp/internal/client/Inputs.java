package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.CallCancelledException;
import dev.mortise.mcp.client.CancelSignal;
import dev.mortise.mcp.client.HandlerFailedException;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers the questions that come in a result: all at once, each on a thread of its own. */
final class Inputs {
    private static final int MOST = 64;

    private final Answers answers;

    Inputs(Answers answers) {
        this.answers = answers;
    }

    /**
     * Waits for the answers to all questions.
     *
     * @param requests the questions by their keys
     * @throws ProtocolViolationException if the server asks what it must not ask
     * @throws HandlerFailedException if a handler fails; the other questions are taken back
     */
    ObjectNode answer(String method, JsonNode requests, @Nullable CancelSignal signal) throws InterruptedException {
        if (!requests.isObject() || requests.size() > MOST) {
            throw new ProtocolViolationException(
                    method + " was answered with questions that are not as specified, or with more than " + MOST);
        }
        Map<String, CompletableFuture<JsonNode>> open = new LinkedHashMap<>();
        List<Thread> threads = new ArrayList<>();
        for (Map.Entry<String, JsonNode> request : requests.properties()) {
            CompletableFuture<JsonNode> answer = new CompletableFuture<>();
            open.put(request.getKey(), answer);
            threads.add(Thread.ofVirtual()
                    .name("mortise-client-answer")
                    .start(() -> answer(method, request.getValue(), answer)));
        }
        Runnable withdraw = () -> {
            open.values()
                    .forEach(answer -> answer.completeExceptionally(
                            new CallCancelledException(method + " was cancelled while the user was asked")));
            threads.forEach(Thread::interrupt);
        };
        Runnable forget = signal == null ? () -> {} : signal.onCancel(withdraw);
        try {
            ObjectNode given = Json.object();
            for (Map.Entry<String, CompletableFuture<JsonNode>> answer : open.entrySet()) {
                given.set(answer.getKey(), answer.getValue().get());
            }
            return given;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof McpException known
                    ? known
                    : new HandlerFailedException("A handler failed", e.getCause());
        } finally {
            forget.run();
            withdraw.run();
        }
    }

    private void answer(String method, JsonNode request, CompletableFuture<JsonNode> answer) {
        String kind = request.path("method").asString("");
        try {
            JsonNode params = request.path("params");
            answer.complete(answers.answer(kind, params.isObject() ? params : Json.object()));
        } catch (Answers.Unsupported e) {
            answer.completeExceptionally(new ProtocolViolationException(
                    method + " asks for " + Excerpt.of(kind, 100) + ", which this client did not offer"));
        } catch (IllegalArgumentException e) {
            answer.completeExceptionally(new ProtocolViolationException(
                    method + " asks in a way that is not as specified (" + Excerpt.of(kind, 100) + ")", e));
        } catch (InterruptedException e) {
            answer.completeExceptionally(
                    new CallCancelledException(method + " was cancelled while the user was asked"));
        } catch (Throwable e) {
            answer.completeExceptionally(e);
        }
    }
}
