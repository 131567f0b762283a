package dev.mortise.benchmarks.production;

import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Asks a replica itself, one thing after another: before a load, and after it. */
final class Door implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Site site;

    Door(Site site) {
        this.site = site;
    }

    /**
     * What a tool gives.
     *
     * @param arguments an object
     * @throws IOException if it gives none
     */
    JsonNode call(int replica, String token, String tool, String arguments) throws IOException, InterruptedException {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments
                + ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
        HttpRequest request = to(replica, "/mcp", token)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", tool)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = sent(request);
        String message = response.body()
                .lines()
                .filter(line -> line.startsWith("{") || line.startsWith("data: {"))
                .reduce("{}", (before, line) -> line.replaceFirst("^data: ", ""));
        JsonNode result = Json.parse(message).path("result");
        if (response.statusCode() != 200 || !result.has("structuredContent")) {
            throw new IOException(tool + ": " + response.statusCode() + " " + response.body());
        }
        return result.path("structuredContent");
    }

    JsonNode get(String path, String token) throws IOException, InterruptedException {
        return answer(path, to(0, path, token).build());
    }

    /** @param body an object */
    JsonNode post(String path, String token, String body) throws IOException, InterruptedException {
        return answer(
                path,
                to(0, path, token)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    private JsonNode answer(String path, HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = sent(request);
        if (response.statusCode() != 200) {
            throw new IOException(path + ": " + response.statusCode() + " " + response.body());
        }
        return Json.parse(response.body());
    }

    private HttpRequest.Builder to(int replica, String path, String token) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + site.replicaPort(replica) + path))
                .header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> sent(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        http.close();
    }
}
