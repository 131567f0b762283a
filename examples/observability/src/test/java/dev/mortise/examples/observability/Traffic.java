package dev.mortise.examples.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Some calls: good ones, broken ones, and such as never become calls. */
final class Traffic {
    private static final String CALL = """
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":{"dividend":7,"divisor":%d},
             "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","traceparent":"%s",
              "io.modelcontextprotocol/clientCapabilities":{}}}}
            """;
    static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";

    private Traffic() {}

    static void send(ObservedServer server) throws IOException, InterruptedException {
        assertThat(call(server, "divide", 2).body()).contains("\"3\"");
        assertThat(call(server, "divide", 0).body()).contains("isError");
        assertThat(call(server, "nothing", 1).body()).contains("-32602");
        HttpRequest put = HttpRequest.newBuilder(URI.create("http://" + server.address() + "/mcp"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(send(put).statusCode()).isEqualTo(405);
    }

    static HttpResponse<String> call(ObservedServer server, String tool, int divisor)
            throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create("http://" + server.address() + "/mcp"))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", tool)
                .POST(HttpRequest.BodyPublishers.ofString(CALL.formatted(tool, divisor, PARENT)))
                .build());
    }

    static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
