package dev.mortise.examples.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A client of revision 2026-07-28 at the proxy. */
final class Client implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI url;

    Client(URI url) {
        this.url = url;
    }

    /** @param replica who has answered */
    record Answer(String replica, int status, JsonNode body) {
        JsonNode result() {
            assertThat(body.has("error")).as(body.toString()).isFalse();
            return body.path("result");
        }

        boolean asks() {
            return result().path("resultType").stringValue("").equals("input_required");
        }

        String state() {
            return result().path("requestState").stringValue();
        }

        String text() {
            return result().at("/content/0/text").stringValue("");
        }
    }

    private HttpRequest request(String method, String name, String params) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", method);
        if (!name.isEmpty()) {
            request.header("Mcp-Name", name);
        }
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":{" + params
                + "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{}}}}}";
        return request.POST(HttpRequest.BodyPublishers.ofString(body)).build();
    }

    /** @param more members of the params, each with a comma behind it */
    Answer call(String tool, String more) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                request("tools/call", tool, "\"name\":\"" + tool + "\"," + more),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        return new Answer(
                response.headers().firstValue("X-Replica").orElse(""), response.statusCode(), message(response.body()));
    }

    /** The last one, where the reply has become an event stream. */
    private static JsonNode message(String body) {
        String last = body.startsWith("{")
                ? body
                : body.lines()
                        .filter(line -> line.startsWith("data: {"))
                        .reduce("", (before, line) -> line.substring("data: ".length()));
        return last.isEmpty() ? Json.object().put("error", body) : Json.parse(last);
    }

    Answer write(String text) throws IOException, InterruptedException {
        return call("write_note", "\"arguments\":{\"text\":\"" + text + "\"},");
    }

    /** The second round of a deletion: yes. */
    Answer confirm(String state) throws IOException, InterruptedException {
        return call(
                "delete_note",
                "\"requestState\":\"" + state
                        + "\",\"inputResponses\":{\"confirm\":{\"action\":\"accept\",\"content\":{\"yes\":true}}},");
    }

    HttpResponse<Stream<String>> listen() throws IOException, InterruptedException {
        return http.send(
                request(
                        "subscriptions/listen",
                        "",
                        "\"notifications\":{\"resourceSubscriptions\":[\"" + Notes.URI + "\"]},"),
                HttpResponse.BodyHandlers.ofLines());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
