package dev.mortise.benchmarks;

import java.nio.charset.StandardCharsets;

/** Requests as they go over the wire. */
final class RequestBytes {
    private RequestBytes() {}

    static byte[] call(int port, String revision, String tool) {
        return call(port, revision, tool, Workload.call(tool));
    }

    /** @param body a {@code tools/call} of this tool */
    static byte[] call(int port, String revision, String tool, String body) {
        return post(port, revision, "tools/call", "Mcp-Name: " + tool + "\r\n", body);
    }

    static byte[] listen(int port) {
        return post(port, Contender.MORTISE.revision(), "subscriptions/listen", "", Workload.listen());
    }

    private static byte[] post(int port, String revision, String method, String fields, String body) {
        String head = "POST " + Contender.PATH + " HTTP/1.1\r\n"
                + "Host: 127.0.0.1:" + port + "\r\n"
                + "Content-Type: application/json\r\n"
                + "Accept: application/json, text/event-stream\r\n"
                + "MCP-Protocol-Version: " + revision + "\r\n"
                + "Mcp-Method: " + method + "\r\n"
                + fields
                + "Content-Length: " + body.length() + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }
}
