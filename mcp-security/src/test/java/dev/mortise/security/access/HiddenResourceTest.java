package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Registry;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.auth.JettyEndpoint;
import dev.mortise.security.auth.ResourceMetadata;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.store.MemoryHome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is hidden from a caller stands in the way of nothing that he may use, through Jetty: an answer is to the byte that of
 * a server which has no such thing.
 */
class HiddenResourceTest {
    private static final Requirement ACME = Requirement.NONE.onlyFor("acme");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final RecordedTrail trail = new RecordedTrail();
    private final MemoryHome home = new MemoryHome();
    private JettyEndpoint full;
    private JettyEndpoint without;
    private McpServer server;
    private String ann;
    private String bob;

    @BeforeEach
    void start() throws Exception {
        full = new JettyEndpoint(uri -> {
            Security security = security(uri);
            ann = security.keys().issue("ann", "acme", "", KeyLimits.BASIC).secret();
            bob = security.keys().issue("bob", "other", "", KeyLimits.BASIC).secret();
            server = open(McpServer.builder("test", "1").plugin(security))
                    .resource(hidden(Resource.at("doc:///plan", "plan"))
                            .read(call -> ResourceOutcome.found(call.text("fixed"))))
                    .resource(hidden(Resource.at("vault:///plan", "plan"))
                            .read(call -> ResourceOutcome.found(call.text("fixed"))))
                    .resourceTemplate(ResourceTemplate.at("book:///{id}", "of acme")
                            .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                            .with(Requirement.ATTRIBUTE, ACME)
                            .complete("id", call -> List.of("of acme"))
                            .read(call -> ResourceOutcome.found(call.text("of acme"))))
                    .build();
            return server;
        });
        without = new JettyEndpoint(uri -> open(McpServer.builder("test", "1").plugin(security(uri)))
                .resources(McpServerBuilder.none())
                .build());
    }

    private static Resource.Builder hidden(Resource.Builder builder) {
        return builder.with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW).with(Requirement.ATTRIBUTE, ACME);
    }

    /** A template that everybody may use, and a second source with a template of the same name as one of acme's. */
    private static McpServerBuilder open(McpServerBuilder builder) {
        Registry<ResourceTemplate> books = new Registry<>(() -> {});
        books.add(ResourceTemplate.at("book:///{id}", "of all")
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                .complete("id", call -> List.of("of all"))
                .read(call -> ResourceOutcome.found(call.text("of all"))));
        return builder.resourceTemplate(ResourceTemplate.at("doc:///{name}", "docs")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .read(call -> ResourceOutcome.found(call.text("template"))))
                .resourceTemplates(books);
    }

    private Security security(URI uri) {
        return Security.in(Environment.TEST)
                .stores(home.stores())
                .audit(trail)
                .endpoint(ResourceMetadata.of(uri.toString(), "https://login.example.com"))
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        full.close();
        without.close();
    }

    @Test
    void theTemplateIsReadWhereTheResourceIsHidden() throws Exception {
        String params = "{'uri':'doc:///plan'}";
        assertThat(ask(full, ann, "resources/read", params)).contains("\"fixed\"");
        assertThat(ask(full, bob, "resources/read", params))
                .contains("\"template\"")
                .isEqualTo(ask(without, bob, "resources/read", params));
    }

    @Test
    void whereNoTemplateFitsItIsUnknownAndTheAuditLogSaysWhy() throws Exception {
        String params = "{'uri':'vault:///plan'}";
        assertThat(ask(full, bob, "resources/read", params)).isEqualTo(ask(without, bob, "resources/read", params));
        assertThat(trail.events())
                .filteredOn(event -> "vault:///plan".equals(event.target()))
                .extracting(event -> event.reason())
                .containsExactly("other-tenant", "unknown");
    }

    @Test
    void ofTwoWithOneNameTheOneThatMayBeSeenAnswers() throws Exception {
        String complete = "{'ref':{'type':'ref/resource','uri':'book:///{id}'},'argument':{'name':'id','value':''}}";
        for (List<String> request : List.of(
                List.of("completion/complete", complete),
                List.of("resources/read", "{'uri':'book:///1'}"),
                List.of("resources/templates/list", "{}"))) {
            String method = request.getFirst();
            String params = request.getLast();
            assertThat(ask(full, ann, method, params)).contains("\"of acme\"").doesNotContain("\"of all\"");
            assertThat(ask(full, bob, method, params))
                    .contains("\"of all\"")
                    .isEqualTo(ask(without, bob, method, params));
        }
    }

    @Test
    void whoMayReadTheTemplateHearsOfItsChanges() throws Exception {
        String params = "{'notifications':{'resourceSubscriptions':['vault:///plan','doc:///plan','doc:///other']}}";
        HttpResponse<InputStream> listening =
                send(full, bob, "subscriptions/listen", params, BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(listening.body(), StandardCharsets.UTF_8))) {
            event(lines);
            server.events().resourceUpdated("vault:///plan");
            server.events().resourceUpdated("doc:///plan");
            server.events().resourceUpdated("doc:///other");
            assertThat(event(lines).path("params").path("uri").asString("")).isEqualTo("doc:///plan");
        }
    }

    @Test
    void legacySessionsSubscribeToWhatTheTemplateGives() throws Exception {
        for (String uri : List.of("doc:///plan", "vault:///plan")) {
            String params = "{'uri':'" + uri + "'}";
            assertThat(inSession(full, "resources/subscribe", params))
                    .isEqualTo(inSession(without, "resources/subscribe", params))
                    .contains(uri.startsWith("doc") ? "\"result\"" : "\"error\"");
        }
    }

    private static JsonNode event(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (!line.startsWith("data:")) {
            line = lines.readLine();
        }
        return Json.parse(line.substring("data:".length()));
    }

    private String inSession(JettyEndpoint endpoint, String method, String params) throws Exception {
        String initialize =
                "{'protocolVersion':'2025-11-25','capabilities':{},'clientInfo':{'name':'t','version':'1'}}";
        HttpResponse<String> begun =
                HTTP.send(legacy(endpoint, "initialize", initialize).build(), BodyHandlers.ofString());
        HttpRequest.Builder request = legacy(endpoint, method, params)
                .header(
                        "Mcp-Session-Id",
                        begun.headers().firstValue("Mcp-Session-Id").orElseThrow())
                .header("MCP-Protocol-Version", "2025-11-25");
        HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    private HttpRequest.Builder legacy(JettyEndpoint endpoint, String method, String params) {
        ObjectNode body = Json.object().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        body.set("params", Wire.json(params));
        return post(endpoint, bob, body);
    }

    private static String ask(JettyEndpoint endpoint, String key, String method, String params) throws Exception {
        HttpResponse<String> answer = send(endpoint, key, method, params, BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    private static <T> HttpResponse<T> send(
            JettyEndpoint endpoint, String key, String method, String params, BodyHandler<T> reading) throws Exception {
        ObjectNode members = (ObjectNode) Wire.json(params);
        members.putObject("_meta")
                .put("io.modelcontextprotocol/protocolVersion", "2026-07-28")
                .putObject("io.modelcontextprotocol/clientCapabilities");
        ObjectNode body = Json.object().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        body.set("params", members);
        HttpRequest.Builder request = post(endpoint, key, body)
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", method);
        if (members.has("uri")) {
            request.header("Mcp-Name", members.path("uri").asString(""));
        }
        return HTTP.send(request.build(), reading);
    }

    private static HttpRequest.Builder post(JettyEndpoint endpoint, String key, ObjectNode body) {
        return HttpRequest.newBuilder(endpoint.uri())
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }
}
