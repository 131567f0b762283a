package dev.mortise.mcp.jsonrpc;

import dev.mortise.mcp.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;

/**
 * Messages to and from UTF-8 bytes (specification, basic: Messages). Malformed input is an ordinary outcome, so
 * decoding answers with {@link Decoded} and never throws. Thread-safe.
 */
public final class MessageCodec {
    /** How many messages one batch may have. */
    public static final int MAX_BATCH = 100;

    private static final JsonMapper MAPPER = Json.mapper();

    private MessageCodec() {}

    /** What the bytes were: a message, or the error to answer them with. */
    public sealed interface Decoded {
        record Ok(Message message) implements Decoded {}

        /** Several messages in one array, each for itself good or bad; only revision 2025-03-26 has such. */
        record Batch(List<Decoded> messages) implements Decoded {
            public Batch {
                messages = List.copyOf(messages);
            }
        }

        /** {@code id} is that of the request, where it could be read. */
        record Malformed(@Nullable RequestId id, JsonRpcError error) implements Decoded {}
    }

    public static Decoded decode(byte[] bytes) {
        JsonNode node;
        try {
            node = Json.read(bytes);
        } catch (Json.InvalidJson e) {
            return new Decoded.Malformed(null, JsonRpcError.of(JsonRpcError.PARSE_ERROR, e.reason()));
        }
        return node.isArray() ? batch(node) : single(node);
    }

    private static Decoded batch(JsonNode array) {
        if (array.isEmpty() || array.size() > MAX_BATCH) {
            return invalid(null, "A batch has 1 to " + MAX_BATCH + " messages");
        }
        List<Decoded> messages = new ArrayList<>(array.size());
        array.forEach(node -> messages.add(single(node)));
        return new Decoded.Batch(messages);
    }

    private static Decoded single(JsonNode node) {
        return node instanceof ObjectNode object ? decode(object) : invalid(null, "A message is a JSON object");
    }

    private static Decoded decode(ObjectNode message) {
        JsonNode idNode = message.get("id");
        RequestId id = idNode == null ? null : RequestId.from(idNode).orElse(null);
        if (!"2.0".equals(text(message.get("jsonrpc")))) {
            return invalid(id, "jsonrpc must be \"2.0\"");
        }
        if (idNode != null && id == null && !message.has("error")) {
            return invalid(
                    null, "id must be a string or an integer, of at most " + RequestId.MAX_LENGTH + " characters");
        }
        if (message.has("method")) {
            return call(id, message);
        }
        return response(id, message);
    }

    private static Decoded call(@Nullable RequestId id, ObjectNode message) {
        String method = text(message.get("method"));
        JsonNode params = message.get("params");
        if (method == null) {
            return invalid(id, "method must be a string");
        }
        if (params != null && !params.isObject()) {
            return invalid(id, "params must be an object");
        }
        if (id == null) {
            return new Decoded.Ok(new Message.Notification(method, params));
        }
        return new Decoded.Ok(
                new Message.Request(id, method, params instanceof ObjectNode object ? object : Message.noParams()));
    }

    private static Decoded response(@Nullable RequestId id, ObjectNode message) {
        JsonNode result = message.get("result");
        JsonNode error = message.get("error");
        if (result != null && error == null && id != null) {
            return new Decoded.Ok(new Message.Result(id, result));
        }
        if (error instanceof ObjectNode object && result == null) {
            JsonNode code = object.get("code");
            String text = text(object.get("message"));
            if (code != null && code.canConvertToInt() && code.isIntegralNumber() && text != null) {
                return new Decoded.Ok(
                        new Message.Failure(id, new JsonRpcError(code.intValue(), text, object.get("data"))));
            }
        }
        return invalid(id, "A message has a method, or an id with a result or an error");
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node != null && node.isString() ? node.stringValue() : null;
    }

    private static Decoded invalid(@Nullable RequestId id, String message) {
        return new Decoded.Malformed(id, JsonRpcError.of(JsonRpcError.INVALID_REQUEST, message));
    }

    /** Writes one message without line breaks, so that it also fits the stdio framing. */
    public static byte[] encode(Message message) {
        try (ByteArrayBuilder out = new ByteArrayBuilder(512);
                JsonGenerator json = MAPPER.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringProperty("jsonrpc", "2.0");
            switch (message) {
                case Message.Request request -> {
                    id(json, request.id());
                    json.writeStringProperty("method", request.method());
                    json.writePOJOProperty("params", request.params());
                }
                case Message.Notification notification -> {
                    json.writeStringProperty("method", notification.method());
                    if (notification.params() != null) {
                        json.writePOJOProperty("params", unwrapped(notification.params()));
                    }
                }
                case Message.Result result -> {
                    id(json, result.id());
                    json.writePOJOProperty("result", unwrapped(result.result()));
                }
                case Message.Failure failure -> {
                    if (failure.id() != null) {
                        id(json, failure.id());
                    }
                    json.writePOJOProperty("error", failure.error());
                }
            }
            json.writeEndObject();
            json.flush();
            return out.toByteArray();
        }
    }

    /** Writes several responses as one batch. */
    public static byte[] encode(List<? extends Message> messages) {
        try (ByteArrayBuilder out = new ByteArrayBuilder(512)) {
            out.append('[');
            for (int i = 0; i < messages.size(); i++) {
                if (i > 0) {
                    out.append(',');
                }
                out.write(encode(messages.get(i)));
            }
            out.append(']');
            return out.toByteArray();
        }
    }

    /** A wire value itself, which the mapper then need not look for a second time. */
    private static @Nullable Object unwrapped(JsonNode node) {
        return node instanceof POJONode wrapper ? wrapper.getPojo() : node;
    }

    private static void id(JsonGenerator json, RequestId id) {
        switch (id) {
            case RequestId.Text text -> json.writeStringProperty("id", text.value());
            case RequestId.Numeric number -> json.writeNumberProperty("id", number.value());
        }
    }
}
