package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.internal.session.LegacySession;
import dev.mortise.mcp.internal.session.SessionState;
import dev.mortise.mcp.internal.text.Digest;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.CancelledNotificationParams;
import java.security.SecureRandom;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One question as a request to a legacy client, in the words of its revision, and the way back of the answer. */
final class LegacyQuestion {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String RELATED_TASK = "io.modelcontextprotocol/related-task";

    private final String key;
    private final ProtocolVersion version;
    private final Message.Request request;
    private final ObjectNode params;

    private LegacyQuestion(String key, ProtocolVersion version, Message.Request request, ObjectNode params) {
        this.key = key;
        this.version = version;
        this.request = request;
        this.params = params;
    }

    static LegacyQuestion of(Question<?> question, ProtocolVersion version) {
        return of(question.key(), Json.tree(question.request()), version);
    }

    /** @param request as a modern client would get it: method and params */
    static LegacyQuestion of(String key, JsonNode request, ProtocolVersion version) {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        String id = "ask-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String method = request.path("method").stringValue();
        ObjectNode params = request.path("params") instanceof ObjectNode object ? object : Json.object();
        return new LegacyQuestion(
                key,
                version,
                new Message.Request(RequestId.of(id), method, adapted(method, params, version, id)),
                params);
    }

    /** The same, said to belong to a task. */
    LegacyQuestion about(String task) {
        ObjectNode related = request.params().deepCopy();
        ObjectNode meta = related.get("_meta") instanceof ObjectNode given ? given : related.putObject("_meta");
        meta.putObject(RELATED_TASK).put("taskId", task);
        return new LegacyQuestion(key, version, new Message.Request(request.id(), request.method(), related), params);
    }

    /** Lets a session know the page that its user is sent to, if this does so: it may want to hear of the end. */
    void remember(LegacySession session) {
        JsonNode elicitation = request.params().path("elicitationId");
        if (elicitation.isString()) {
            String page = Digest.of(params.path("url").asString(""));
            session.update(state -> state.withPage(new SessionState.Page(page, elicitation.stringValue())));
        }
    }

    /** What tells the client that nobody waits for its answer any more. */
    Message.Notification withdrawal() {
        CancelledNotificationParams cancelled =
                CancelledNotificationParams.of(request.id()).withReason("Nobody waits for the answer any more");
        ObjectNode tree = (ObjectNode) Json.tree(cancelled);
        if (request.params().at("/_meta").has(RELATED_TASK)) {
            tree.putObject("_meta")
                    .set(RELATED_TASK, request.params().path("_meta").path(RELATED_TASK));
        }
        return Message.Notification.of("notifications/cancelled", tree);
    }

    String key() {
        return key;
    }

    Message.Request request() {
        return request;
    }

    private static ObjectNode adapted(String method, ObjectNode params, ProtocolVersion version, String id) {
        ObjectNode adapted = params.deepCopy();
        switch (method) {
            case "elicitation/create" -> {
                if (adapted.path("mode").asString("").equals("url")) {
                    // So that a later notification can say that the user is done there.
                    adapted.put("elicitationId", id);
                } else if (!version.supportsTitledChoices()) {
                    adapted.remove("mode");
                    adapted.set("requestedSchema", LegacyForms.older((ObjectNode) params.path("requestedSchema")));
                }
            }
            case "sampling/createMessage" -> {
                if (!version.supportsSamplingTools()) {
                    adapted.set("messages", apart(adapted.path("messages")));
                }
            }
            default -> {}
        }
        return adapted;
    }

    /** Before 2025-11-25 a message has one content: several become as many messages. */
    private static ArrayNode apart(JsonNode messages) {
        ArrayNode apart = Json.mapper().createArrayNode();
        for (JsonNode message : messages) {
            if (message.path("content").isArray()) {
                for (JsonNode content : message.path("content")) {
                    ObjectNode single = (ObjectNode) message.deepCopy();
                    single.set("content", content);
                    apart.add(single);
                }
            } else {
                apart.add(message);
            }
        }
        return apart;
    }

    /** The answer as a modern client would have sent it. */
    JsonNode answer(JsonNode result) {
        if (!olderForms() || !params.has("requestedSchema") || !(result instanceof ObjectNode given)) {
            return result;
        }
        ObjectNode answer = given.deepCopy();
        JsonNode content = answer.get("content");
        if (content != null) {
            answer.set("content", LegacyForms.newer(form(), content));
        }
        return answer;
    }

    private boolean olderForms() {
        return !version.supportsTitledChoices();
    }

    private ObjectNode form() {
        return (ObjectNode) params.path("requestedSchema");
    }
}
