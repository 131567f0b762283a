package dev.mortise.benchmarks;

import java.nio.charset.StandardCharsets;

/** Requests as they go over the wire. */
final class RequestBytes {
    private RequestBytes() {}

    static byte[] call(ServerProcess server, String tool) {
        return post(server, "tools/call", "Mcp-Name: " + tool + "\r\n", Workload.call(tool));
    }

    static byte[] listen(ServerProcess server) {
        return post(server, "subscriptions/listen", "", Workload.listen());
    }

    private static byte[] post(ServerProcess server, String method, String fields, String body) {
        String head = "POST " + Contender.PATH + " HTTP/1.1\r\n"
                + "Host: 127.0.0.1:" + server.port() + "\r\n"
                + "Content-Type: application/json\r\n"
                + "Accept: application/json, text/event-stream\r\n"
                + "MCP-Protocol-Version: " + server.contender().revision() + "\r\n"
                + "Mcp-Method: " + method + "\r\n"
                + fields
                + "Content-Length: " + body.length() + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }
}
