package dev.mortise.security.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * What the authorization pages of revision 2026-07-28 demand of a server that is an OAuth 2.1 resource server, over the
 * wire. It knows nothing of the server but its endpoint, and gets its tokens from whoever tests it; so it can be pointed
 * at any server. Each test is named after the sentence that it holds the server to.
 */
public abstract class ResourceServerContract {
    /** What may be wrong with a token that is good apart from that. */
    public enum Flaw {
        EXPIRED,
        NOT_YET_VALID,
        OTHER_AUDIENCE,
        NO_AUDIENCE,
        OTHER_ISSUER,
        OTHER_KEY,
        NO_SIGNATURE,
        ID_TOKEN,
        GARBAGE
    }

    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** The canonical URI, where the server is reached, too. */
    protected abstract URI endpoint();

    /** A token that is good for listing tools, and not for {@link #guardedTool}. */
    protected abstract String goodToken();

    protected abstract String token(Flaw flaw);

    /** A tool that takes {@link #guardedScopes}. */
    protected abstract String guardedTool();

    protected abstract List<String> guardedScopes();

    private static String list() {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{" + META + "}}";
    }

    private static HttpRequest.Builder post(URI uri, String method, String body) {
        return HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", method)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    protected final HttpRequest.Builder listing() {
        return post(endpoint(), "tools/list", list());
    }

    protected final HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static String challenge(HttpResponse<?> response) {
        return String.join(", ", response.headers().allValues("WWW-Authenticate"));
    }

    /** The value of a parameter of the first challenge that has it. */
    protected static Optional<String> parameter(HttpResponse<?> response, String name) {
        String text = " " + challenge(response);
        java.util.regex.Matcher matcher =
                java.util.regex.Pattern.compile("[ ,]" + name + "=\"([^\"]*)\"").matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private JsonNode document(URI uri) throws Exception {
        HttpResponse<String> response = send(HttpRequest.newBuilder(uri).GET());
        assertThat(response.statusCode()).as(uri.toString()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        return Json.read(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private void assertMetadata(JsonNode metadata) {
        assertThat(metadata.get("resource").stringValue()).isEqualTo(endpoint().toString());
        assertThat(metadata.get("authorization_servers").isArray()).isTrue();
        assertThat(metadata.get("authorization_servers")).isNotEmpty();
        assertThat(StreamSupport.stream(metadata.path("scopes_supported").spliterator(), false)
                        .map(JsonNode::stringValue))
                .doesNotContain("offline_access");
    }

    @Test
    void serversMustAcceptTokensThatAreValidForThem() throws Exception {
        HttpResponse<String> response = send(listing().header("Authorization", "Bearer " + goodToken()));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"tools\"");
    }

    @Test
    void theSchemeIsCaseInsensitive() throws Exception {
        assertThat(send(listing().header("Authorization", "bearer " + goodToken()))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void authorizationMustBeIncludedInEveryRequest() throws Exception {
        assertThat(send(listing().header("Authorization", "Bearer " + goodToken()))
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> bare = send(listing());
        assertThat(bare.statusCode()).isEqualTo(401);
        assertThat(bare.body()).doesNotContain("\"tools\"");
    }

    @Test
    void serversMustChallengeWithTheMetadataUrlAndShouldNameTheScopes() throws Exception {
        HttpResponse<String> response = send(listing());
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(challenge(response)).startsWith("Bearer ");
        assertMetadata(
                document(URI.create(parameter(response, "resource_metadata").orElseThrow())));
        assertThat(parameter(response, "scope")).isPresent();
        assertThat(parameter(response, "scope").orElseThrow()).doesNotContain("offline_access");
        assertThat(parameter(response, "error"))
                .as("without a token there is no error (RFC 6750 section 3.1)")
                .isEmpty();
    }

    @Test
    void serversMustImplementProtectedResourceMetadataAtThePathOfTheEndpoint() throws Exception {
        assertMetadata(document(endpoint()
                .resolve("/.well-known/oauth-protected-resource" + endpoint().getRawPath())));
    }

    @Test
    void serversMayServeMetadataAtTheRootToo() throws Exception {
        assertMetadata(document(endpoint().resolve("/.well-known/oauth-protected-resource")));
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void invalidOrExpiredTokensMustReceive401(Flaw flaw) throws Exception {
        String token = token(flaw);
        HttpResponse<String> response = send(listing().header("Authorization", "Bearer " + token));
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(parameter(response, "error")).contains("invalid_token");
        assertThat(parameter(response, "resource_metadata")).isPresent();
        assertThat(response.body()).doesNotContain("\"tools\"").doesNotContain(token);
        assertThat(challenge(response)).doesNotContain(token);
    }

    @Test
    void tokensMustNotBeInTheQuery() throws Exception {
        URI withToken = URI.create(endpoint() + "?access_token=" + goodToken());
        HttpResponse<String> response = send(post(withToken, "tools/list", list()));
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(parameter(response, "error")).isEmpty();
    }

    @Test
    void tokensAreNotTakenFromABodyOrAnotherField() throws Exception {
        String body = list().replace("\"params\":{", "\"params\":{\"access_token\":\"" + goodToken() + "\",");
        assertThat(send(post(endpoint(), "tools/list", body)).statusCode()).isEqualTo(401);
        assertThat(send(listing().header("X-Authorization", "Bearer " + goodToken()))
                        .statusCode())
                .isEqualTo(401);
        assertThat(send(listing().header("Cookie", "access_token=" + goodToken()))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void malformedAuthorizationIsABadRequest() throws Exception {
        for (String field : List.of("Bearer", "Bearer a b", "Bearer \"quoted\"", "Bearer a,b", "Bearer =")) {
            HttpResponse<String> response = send(listing().header("Authorization", field));
            assertThat(response.statusCode()).as(field).isEqualTo(400);
            assertThat(parameter(response, "error")).as(field).contains("invalid_request");
        }
    }

    @Test
    void twoAuthorizationFieldsAreABadRequest() throws Exception {
        HttpResponse<String> response = send(listing()
                .header("Authorization", "Bearer " + goodToken())
                .header("Authorization", "Bearer " + token(Flaw.EXPIRED)));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).doesNotContain("\"tools\"");
    }

    @Test
    void anotherSchemeIsNoCredential() throws Exception {
        HttpResponse<String> response = send(listing().header("Authorization", "Basic dXNlcjpwYXNz"));
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(challenge(response)).startsWith("Bearer ");
    }

    @Test
    void insufficientScopeMustBe403AndNamesAllScopesAtOnce() throws Exception {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{" + META + ",\"name\":\""
                + guardedTool() + "\",\"arguments\":{}}}";
        HttpResponse<String> response = send(post(endpoint(), "tools/call", body)
                .header("Mcp-Name", guardedTool())
                .header("Authorization", "Bearer " + goodToken()));
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(challenge(response)).startsWith("Bearer ");
        assertThat(parameter(response, "error")).contains("insufficient_scope");
        assertThat(parameter(response, "scope").orElseThrow().split(" "))
                .containsExactlyInAnyOrderElementsOf(guardedScopes());
        assertThat(parameter(response, "resource_metadata")).isPresent();
    }

    @Test
    void nothingIsAnsweredToStrangersWhateverTheyAsk() throws Exception {
        for (String method : List.of("GET", "DELETE")) {
            HttpResponse<String> response = send(HttpRequest.newBuilder(endpoint())
                    .header("Accept", "text/event-stream")
                    .header("Mcp-Session-Id", "guess")
                    .method(method, HttpRequest.BodyPublishers.noBody()));
            assertThat(response.statusCode()).as(method).isEqualTo(401);
        }
        for (String message :
                List.of("ping", "initialize", "tools/call", "no/such", "server/discover", "notifications/x")) {
            String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + message + "\",\"params\":{" + META + "}}";
            HttpResponse<String> response = send(post(endpoint(), message, body));
            assertThat(response.statusCode()).as(message).isEqualTo(401);
        }
        HttpResponse<String> garbage = send(post(endpoint(), "tools/list", "{\"no json"));
        assertThat(garbage.statusCode())
                .as("decided on the head, before the body is looked at")
                .isEqualTo(401);
    }

    @Test
    void answersSayNothingAboutTheServersInside() throws Exception {
        for (Flaw flaw : Flaw.values()) {
            HttpResponse<String> response = send(listing().header("Authorization", "Bearer " + token(flaw)));
            assertThat(response.body() + response.headers().map())
                    .doesNotContain("Exception")
                    .doesNotContain("dev.mortise")
                    .doesNotContain("jsonwebtoken");
        }
    }
}
