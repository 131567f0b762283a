package dev.mortise.mcp.http;

import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.transport.HttpHead;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The header fields that mirror a request's body, so that intermediaries need not parse it (Streamable HTTP: Request
 * Metadata). Whoever reads the body must refuse a request whose fields say something else (Server Validation).
 */
public final class StandardHeaders {
    public static final String PROTOCOL_VERSION = "MCP-Protocol-Version";
    public static final String METHOD = "Mcp-Method";
    public static final String NAME = "Mcp-Name";

    private static final int MAX_QUOTED = 200;

    private StandardHeaders() {}

    /**
     * Compares the fields with the body. What the body itself lacks, such as a tool's name, is for others to refuse.
     *
     * @param bodyVersion the protocol version that the request's {@code _meta} names; {@code null} where it names none
     * @return why the request is to be refused with {@code HeaderMismatch} (−32020), in words for its sender; empty
     *     where everything agrees
     */
    public static Optional<String> mismatch(HttpHead head, Message.Request request, @Nullable String bodyVersion) {
        return mismatch(head, PROTOCOL_VERSION, bodyVersion, true, false)
                .or(() -> mismatch(head, METHOD, request.method(), true, false))
                .or(() -> nameMismatch(head, request));
    }

    private static Optional<String> nameMismatch(HttpHead head, Message.Request request) {
        return switch (request.method()) {
            case "tools/call", "prompts/get" -> mismatch(head, NAME, param(request, "name"), true, true);
            case "resources/read" -> mismatch(head, NAME, param(request, "uri"), true, true);
            // The tasks extension obliges clients only: a server that meets no such field has nothing to compare.
            case "tasks/get", "tasks/update", "tasks/cancel" ->
                mismatch(head, NAME, param(request, "taskId"), false, true);
            default -> Optional.empty();
        };
    }

    private static Optional<String> mismatch(
            HttpHead head, String field, @Nullable String expected, boolean required, boolean encodable) {
        if (expected == null) {
            return Optional.empty();
        }
        List<String> lines = head.headers(field);
        if (lines.isEmpty()) {
            return required ? Optional.of("the required header " + field + " is missing") : Optional.empty();
        }
        String value = HeaderValue.trim(lines.get(0));
        for (String line : lines) {
            if (!HeaderValue.trim(line).equals(value)) {
                return Optional.of(field + " is given several times with different values");
            }
        }
        Optional<String> decoded = encodable ? HeaderValue.decode(value) : plain(value);
        if (decoded.isEmpty()) {
            return Optional.of(field + " contains invalid characters");
        }
        return decoded.get().equals(expected)
                ? Optional.empty()
                : Optional.of(field + " header value " + quoted(decoded.get()) + " does not match body value "
                        + quoted(expected));
    }

    private static Optional<String> plain(String value) {
        return HeaderValue.isPlain(value) ? Optional.of(value) : Optional.empty();
    }

    private static @Nullable String param(Message.Request request, String name) {
        JsonNode value = request.params().get(name);
        return value != null && value.isString() ? value.stringValue() : null;
    }

    private static String quoted(String value) {
        return "'" + Excerpt.of(value, MAX_QUOTED) + "'";
    }
}
