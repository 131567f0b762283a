package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.CallCancelledException;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.client.UrlElicitationRequiredException;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.schema.ElicitRequestURLParams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Pages that a server of 2025-11-25 wants to have visited before it does what it was asked to do (client: Elicitation, URL
 * Elicitation Required Error), and its word that a visit is over. Thread-safe.
 */
final class Errands {
    private static final int MOST = 256;

    private final Inputs inputs;
    private final boolean isOffered;
    private final ReentrantLock lock = new ReentrantLock();

    /** Visits that are waited for, by their ids; those of long ago are forgotten. */
    private final Map<String, CountDownLatch> visits = new LinkedHashMap<>();

    Errands(Inputs inputs, Answers answers) {
        this.inputs = inputs;
        this.isOffered = answers.url() != null;
    }

    /** The server says that a visit is over. Ids that were not waited for mean nothing. */
    void completed(String id) {
        lock.lock();
        try {
            CountDownLatch visit = visits.get(id);
            if (visit != null) {
                visit.countDown();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has the user visit what a refusal demands, and waits for the server's word that this is done; but not for ever,
     * because servers need not give it.
     *
     * @param visited the visits that the user agreed to in this call, who is not asked about them again; added to
     * @throws RpcException the refusal, if it demands nothing of the kind
     * @throws UrlElicitationRequiredException if the user cannot be asked, or does not agree
     */
    void run(String method, RpcException refusal, Set<String> visited, CallOptions options, Duration patience)
            throws InterruptedException {
        Map<String, JsonNode> demanded = demanded(refusal);
        List<ElicitRequestURLParams> pages = new ArrayList<>();
        ObjectNode questions = Json.object();
        List<CountDownLatch> open = new ArrayList<>();
        demanded.forEach((id, page) -> {
            open.add(visit(id));
            pages.add(Lenient.read(method, page, ElicitRequestURLParams.class));
            if (!visited.contains(id)) {
                questions.putObject(id).put("method", Answers.ELICIT).set("params", page);
            }
        });
        if (!isOffered) {
            throw new UrlElicitationRequiredException(
                    method, pages, "McpClientBuilder.onUrlElicitation gives the client a way to ask");
        }
        JsonNode answers = inputs.answer(method, questions, options.cancelSignal());
        for (Map.Entry<String, JsonNode> answer : answers.properties()) {
            if (!answer.getValue().path("action").asString("").equals("accept")) {
                throw new UrlElicitationRequiredException(method, pages, "the user did not agree");
            }
            visited.add(answer.getKey());
        }
        await(method, open, options, patience);
    }

    private static Map<String, JsonNode> demanded(RpcException refusal) {
        JsonNode listed = refusal.data().map(data -> data.path("elicitations")).orElse(Json.object());
        Map<String, JsonNode> demanded = new LinkedHashMap<>();
        if (refusal.code() == JsonRpcError.URL_ELICITATION_REQUIRED && listed.isArray()) {
            for (JsonNode page : listed) {
                String id = page.path("elicitationId").asString("");
                if (id.isEmpty() || !page.path("mode").asString("").equals("url")) {
                    throw refusal;
                }
                demanded.put(id, page);
            }
        }
        if (demanded.isEmpty()) {
            throw refusal;
        }
        return demanded;
    }

    private CountDownLatch visit(String id) {
        lock.lock();
        try {
            CountDownLatch visit = visits.computeIfAbsent(id, unknown -> new CountDownLatch(1));
            while (visits.size() > MOST) {
                visits.remove(visits.keySet().iterator().next());
            }
            return visit;
        } finally {
            lock.unlock();
        }
    }

    private static void await(String method, List<CountDownLatch> visits, CallOptions options, Duration patience)
            throws InterruptedException {
        Thread waiting = Thread.currentThread();
        Runnable forget = options.cancelSignal() == null
                ? () -> {}
                : options.cancelSignal().onCancel(waiting::interrupt);
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            for (CountDownLatch visit : visits) {
                if (!visit.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            if (options.cancelSignal() != null && options.cancelSignal().isCancelled()) {
                throw new CallCancelledException(method + " was cancelled while the user visited a page");
            }
            throw e;
        } finally {
            forget.run();
        }
    }
}
