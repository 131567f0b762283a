package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One question as a request to a legacy client, in the words of its revision, and the way back of the answer. */
final class LegacyQuestion {
    private final String key;
    private final ProtocolVersion version;
    private final Message.Request request;
    private final ObjectNode params;

    LegacyQuestion(Question<?> question, ProtocolVersion version, String id) {
        this.key = question.key();
        this.version = version;
        JsonNode tree = Json.tree(question.request());
        this.params = tree.path("params") instanceof ObjectNode object ? object : Json.object();
        this.request = new Message.Request(
                RequestId.of(id),
                question.request().method(),
                adapted(question.request().method(), id));
    }

    String key() {
        return key;
    }

    Message.Request request() {
        return request;
    }

    private ObjectNode adapted(String method, String id) {
        ObjectNode adapted = params.deepCopy();
        switch (method) {
            case "elicitation/create" -> {
                if (adapted.path("mode").asString("").equals("url")) {
                    // So that a later notification could say that the user is done there.
                    adapted.put("elicitationId", id);
                } else if (olderForms()) {
                    adapted.remove("mode");
                    adapted.set("requestedSchema", LegacyForms.older(form()));
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
