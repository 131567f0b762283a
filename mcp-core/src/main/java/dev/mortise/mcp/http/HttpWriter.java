package dev.mortise.mcp.http;

import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.transport.StreamEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one response: whole, or as a stream of events. Not thread-safe. */
final class HttpWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StreamableHttp.class);
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF_EVENT = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private static final int MAX_FIELD_NAMES = 4096;

    private final HttpResponse response;
    private @Nullable String origin;
    private volatile int status;
    private @Nullable OutputStream events;
    private Map<String, String> streamFields = Map.of();

    HttpWriter(HttpResponse response) {
        this.response = response;
    }

    /** The web pages of this origin may read the response. */
    void allowOrigin(String origin) {
        this.origin = origin;
    }

    /** The status of the response; 0 while it has none. */
    int status() {
        return status;
    }

    boolean isStreaming() {
        return events != null;
    }

    /**
     * Writes status, fields and a JSON body, if there is one. It goes out at once where the request's body was not
     * read to its end, because that still has to be discarded.
     */
    void whole(int status, Map<String, String> headers, byte @Nullable [] json, Body body) throws IOException {
        whole(status, headers, json == null ? null : "application/json", json, body);
    }

    void whole(
            int status, Map<String, String> headers, @Nullable String contentType, byte @Nullable [] content, Body body)
            throws IOException {
        if (body.isHeldBack()) {
            response.closeConnection();
        }
        Map<String, String> fields = fields(headers);
        if (contentType != null) {
            fields.put("Content-Type", contentType);
        }
        if (content != null) {
            fields.put("Content-Length", Integer.toString(content.length));
        }
        head(status, fields);
        if (content != null) {
            response.output().write(content);
        }
        if (!body.isOver()) {
            response.output().flush();
        }
    }

    /** Tells the client why nothing was done. */
    void rejection(Rejection rejection, Body body) throws IOException {
        if (rejection.closes()) {
            response.closeConnection();
        }
        whole(rejection.status(), rejection.headers(), rejection.body(), body);
    }

    /** Says that something broke, where nothing was said yet: silence would be taken for success. */
    void failure(Body body) {
        try {
            if (status == 0) {
                rejection(Rejection.closing(500, "Internal error").code(JsonRpcError.INTERNAL_ERROR), body);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("Nor could that be told", e);
        }
    }

    /** Answers a CORS preflight; {@code requested} names the fields that the page wants to send. */
    void preflight(String methods, @Nullable String requested) {
        Map<String, String> fields = fields(Map.of("Allow", methods));
        if (origin != null) {
            fields.put("Access-Control-Allow-Methods", methods);
            fields.put("Access-Control-Max-Age", "7200");
            fields.put("Vary", "Origin, Access-Control-Request-Headers");
            if (requested != null && isFieldNames(requested)) {
                fields.put("Access-Control-Allow-Headers", requested);
            }
        }
        head(204, fields);
    }

    /** What the head of the stream shall have, too, if it was not written yet. */
    void streamFields(Map<String, String> fields) {
        streamFields = fields;
    }

    void event(byte[] json) throws IOException {
        byte[] event = new byte[DATA.length + json.length + END_OF_EVENT.length];
        System.arraycopy(DATA, 0, event, 0, DATA.length);
        System.arraycopy(json, 0, event, DATA.length, json.length);
        System.arraycopy(END_OF_EVENT, 0, event, DATA.length + json.length, END_OF_EVENT.length);
        stream(event);
    }

    /** An event that says where the stream goes on from, or when to come back; or a mere sign of life. */
    void event(StreamEvent event) throws IOException {
        StringBuilder fields = new StringBuilder();
        if (event.id() != null) {
            fields.append("id: ").append(event.id()).append('\n');
        }
        if (event.retry() != null) {
            fields.append("retry: ").append(event.retry().toMillis()).append('\n');
        }
        if (fields.isEmpty()) {
            comment();
            return;
        }
        if (event.id() == null) {
            stream(fields.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
            return;
        }
        byte[] head = fields.append("data: ").toString().getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(head, head.length + event.data().length + END_OF_EVENT.length);
        System.arraycopy(event.data(), 0, whole, head.length, event.data().length);
        System.arraycopy(END_OF_EVENT, 0, whole, head.length + event.data().length, END_OF_EVENT.length);
        stream(whole);
    }

    /** An event of a type of its own; {@code data} is one line. */
    void event(String type, byte[] data) throws IOException {
        byte[] head = ("event: " + type + "\ndata: ").getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(head, head.length + data.length + END_OF_EVENT.length);
        System.arraycopy(data, 0, whole, head.length, data.length);
        System.arraycopy(END_OF_EVENT, 0, whole, head.length + data.length, END_OF_EVENT.length);
        stream(whole);
    }

    /** A sign of life that every reader of events ignores. */
    void comment() throws IOException {
        stream(COMMENT);
    }

    private void stream(byte[] chunk) throws IOException {
        OutputStream out = events;
        if (out == null) {
            response.expectEvents();
            Map<String, String> fields = fields(streamFields);
            fields.put("Content-Type", "text/event-stream");
            fields.put("X-Accel-Buffering", "no");
            head(200, fields);
            out = response.output();
            events = out;
        }
        out.write(chunk);
        out.flush();
    }

    private void head(int status, Map<String, String> fields) {
        this.status = status;
        response.head(status, fields);
    }

    /** These, over those that every response has. */
    private Map<String, String> fields(Map<String, String> own) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Cache-Control", "no-store");
        fields.put("X-Content-Type-Options", "nosniff");
        if (origin != null) {
            fields.put("Access-Control-Allow-Origin", origin);
            fields.put("Access-Control-Expose-Headers", "WWW-Authenticate, Mcp-Session-Id");
            fields.put("Vary", "Origin");
        }
        fields.putAll(own);
        return fields;
    }

    private static boolean isFieldNames(String list) {
        return list.length() <= MAX_FIELD_NAMES
                && list.chars().allMatch(c -> Authority.isAlphanumeric((char) c) || "-_., ".indexOf(c) >= 0);
    }
}
