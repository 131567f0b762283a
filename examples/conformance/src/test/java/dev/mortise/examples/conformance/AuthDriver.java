package dev.mortise.examples.conformance;

import dev.mortise.mcp.client.HttpAuthorization;
import dev.mortise.mcp.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The smallest client with which the suite can judge an authorization; until the real client's driver is there. */
final class AuthDriver {
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI url;
    private final String version;
    private final HttpAuthorization authorization;
    private int id;

    private AuthDriver(URI url, String version, HttpAuthorization authorization) {
        this.url = url;
        this.version = version;
        this.authorization = authorization;
    }

    public static void main(String[] args) throws Exception {
        String context = System.getenv().getOrDefault("MCP_CONFORMANCE_CONTEXT", "{}");
        String version = System.getenv("MCP_CONFORMANCE_PROTOCOL_VERSION");
        String scenario = System.getenv("MCP_CONFORMANCE_SCENARIO");
        AuthDriver driver = new AuthDriver(
                URI.create(args[args.length - 1]),
                version,
                new ConformanceAuthorizations(Json.parse(context)).of(scenario));
        if (version.compareTo("2026-07-28") < 0) {
            ObjectNode params = Json.object().put("protocolVersion", version);
            params.putObject("capabilities");
            params.putObject("clientInfo").put("name", "driver").put("version", "1");
            driver.call("initialize", params);
            driver.send("notifications/initialized", Json.object(), false);
        } else {
            driver.call("server/discover", Json.object());
        }
        driver.call("tools/list", Json.object());
        ObjectNode call = Json.object().put("name", "test-tool");
        call.putObject("arguments");
        driver.call("tools/call", call);
        System.exit(0);
    }

    private void call(String method, ObjectNode params) throws Exception {
        send(method, params, true);
    }

    private void send(String method, ObjectNode params, boolean request) throws Exception {
        ObjectNode body = Json.object().put("jsonrpc", "2.0");
        if (request) {
            body.put("id", ++id);
        }
        body.put("method", method);
        boolean modern = version.compareTo("2026-07-28") >= 0;
        if (modern) {
            ObjectNode meta = params.putObject("_meta").put("io.modelcontextprotocol/protocolVersion", version);
            meta.putObject("io.modelcontextprotocol/clientCapabilities");
            meta.putObject("io.modelcontextprotocol/clientInfo")
                    .put("name", "driver")
                    .put("version", "1");
        }
        body.set("params", params);
        HttpAuthorization.Request about = new HttpAuthorization.Request("POST", url);
        for (int sending = 0; sending < HttpAuthorization.MAX_SENDINGS; sending++) {
            HttpRequest.Builder builder = HttpRequest.newBuilder(url)
                    .header("Content-Type", "application/json")
                    .header("Accept", "application/json, text/event-stream")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)));
            if (modern || !method.equals("initialize")) {
                builder.header("MCP-Protocol-Version", version);
            }
            if (modern) {
                builder.header("Mcp-Method", method);
                if (params.has("name")) {
                    builder.header("Mcp-Name", params.path("name").asString());
                }
            }
            Map<String, String> sent = authorization.fields(about);
            sent.forEach(builder::header);
            HttpResponse<String> response = http.send(builder.build(), HttpResponse.BodyHandlers.ofString());
            HttpAuthorization.Verdict verdict =
                    authorization.answered(about, sent, response.statusCode(), response.headers()::allValues);
            if (verdict == HttpAuthorization.Verdict.ACCEPT) {
                System.out.println(method + " " + response.statusCode() + " " + response.body());
                if (response.statusCode() >= 300) {
                    throw new IllegalStateException(method + " failed with status " + response.statusCode());
                }
                return;
            }
        }
        throw new IllegalStateException(method + " was sent too often");
    }
}
