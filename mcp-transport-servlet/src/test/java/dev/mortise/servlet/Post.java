package dev.mortise.servlet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A request to the endpoint as bytes: one that has all it needs, until a test takes something away, twists it or adds to
 * it. Immutable. Single quotes in JSON stand for double ones.
 */
record Post(String requestLine, List<String> headerLines, byte[] body, boolean chunked) {
    private static final String META = "'_meta':{'io.modelcontextprotocol/protocolVersion':'2026-07-28',"
            + "'io.modelcontextprotocol/clientCapabilities':{'elicitation':{'form':{}}}}";

    Post {
        headerLines = List.copyOf(headerLines);
    }

    /** A request for a method; {@code params} are members, without {@code _meta}. */
    static Post of(String method, String params) {
        return message(
                method,
                "{'jsonrpc':'2.0','id':1,'method':'" + method + "','params':{" + META
                        + (params.isEmpty() ? "" : "," + params) + "}}");
    }

    /** A call of a tool; {@code arguments} and what may follow them. */
    static Post call(String tool, String arguments) {
        return of("tools/call", "'name':'" + tool + "','arguments':" + arguments)
                .with("Mcp-Name", tool);
    }

    /** A whole message of one's own, with the header fields that belong to a method. */
    static Post message(String method, String json) {
        return raw(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)).with("Mcp-Method", method);
    }

    /** With a {@code _meta} of one's own. */
    static Post meta(String meta) {
        return message("tools/list", "{'jsonrpc':'2.0','id':1,'method':'tools/list','params':{'_meta':" + meta + "}}");
    }

    static Post raw(byte[] body) {
        return new Post(
                "POST /mcp HTTP/1.1",
                List.of(
                        "Host: localhost",
                        "Content-Type: application/json",
                        "Accept: application/json, text/event-stream",
                        "MCP-Protocol-Version: 2026-07-28"),
                body,
                false);
    }

    Post line(String newRequestLine) {
        return new Post(newRequestLine, headerLines, body, chunked);
    }

    Post with(String name, String value) {
        List<String> lines = new ArrayList<>(headerLines);
        lines.add(name + ": " + value);
        return new Post(requestLine, lines, body, chunked);
    }

    Post without(String name) {
        List<String> lines = new ArrayList<>(headerLines);
        lines.removeIf(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1));
        return new Post(requestLine, lines, body, chunked);
    }

    Post replacing(String name, String value) {
        return without(name).with(name, value);
    }

    /** The same body without an announced length, in one chunk. */
    Post inChunks() {
        return new Post(requestLine, headerLines, body, true);
    }

    /** The same request with another body. */
    Post carrying(byte[] other) {
        return new Post(requestLine, headerLines, other, chunked);
    }

    /** Header fields are sent as Latin-1, as containers read them. */
    byte[] bytes() {
        StringBuilder head = new StringBuilder(requestLine).append("\r\n");
        headerLines.forEach(line -> head.append(line).append("\r\n"));
        boolean framed = headerLines.stream()
                .anyMatch(line -> line.regionMatches(true, 0, "Content-Length:", 0, 15)
                        || line.regionMatches(true, 0, "Transfer-Encoding:", 0, 18));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (chunked) {
            head.append("Transfer-Encoding: chunked\r\n\r\n")
                    .append(Integer.toHexString(body.length))
                    .append("\r\n");
        } else {
            head.append(framed ? "\r\n" : "Content-Length: " + body.length + "\r\n\r\n");
        }
        out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        if (chunked) {
            out.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        return out.toByteArray();
    }
}
