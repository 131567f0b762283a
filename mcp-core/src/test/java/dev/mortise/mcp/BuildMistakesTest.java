package dev.mortise.mcp;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.StateKeys;
import dev.mortise.mcp.server.Tool;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes are found when the server is built, with a message that says what to do. */
class BuildMistakesTest {
    record Nested(List<Nested> children) {}

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "two tools of one name",
                        "a",
                        () -> builder().tool(tool("a")).tool(tool("a")).build()),
                mistake("a tool's name with a space", "title", () -> tool("my tool")),
                mistake("a tool's name that is too long", "128", () -> tool("x".repeat(129))),
                mistake(
                        "an input schema that is no object",
                        "\"type\": \"object\"",
                        () -> Tool.named("a").inputSchema(JsonSchema.parse("{\"type\":\"string\"}"))),
                mistake(
                        "a schema that is none",
                        "type",
                        () -> Tool.named("a").inputSchema(JsonSchema.parse("{\"type\":\"objekt\"}"))),
                mistake(
                        "a schema from the network",
                        "nothing is ever fetched",
                        () -> JsonSchema.parse("{\"type\":\"object\",\"$ref\":\"https://example.com/s.json\"}")),
                mistake(
                        "a mirrored number",
                        "price",
                        () -> Tool.named("a")
                                .inputSchema(JsonSchema.parse("{\"type\":\"object\",\"properties\":{\"price\":"
                                        + "{\"type\":\"number\",\"x-mcp-header\":\"Price\"}}}"))
                                .handle((in, call) -> "a")),
                mistake(
                        "input that is no record",
                        "String",
                        () -> Tool.named("a").input(String.class)),
                mistake("a form with a nested record", "children", () -> Question.form("q", Nested.class, "Which?")),
                mistake("a question without a key", "key", () -> Question.roots(" ")),
                mistake("a relative resource", "absolute URI", () -> Resource.at("readme.md", "readme")),
                mistake("a resource with a space", "absolute URI", () -> Resource.at("doc:///my file", "file")),
                mistake("a template that does not parse", "{", () -> ResourceTemplate.at("doc:///{name", "d")),
                mistake(
                        "a completer of no variable",
                        "[name]",
                        () -> ResourceTemplate.at("doc:///{name}", "d").complete("nam", call -> List.of())),
                mistake(
                        "a completer of no argument",
                        "declare it before",
                        () -> Prompt.named("p").complete("topic", call -> List.of())),
                mistake(
                        "two arguments of one name",
                        "rename one",
                        () -> Prompt.named("p").argument("a", "a").argument("a", "a")),
                mistake(
                        "an extension without a prefix",
                        "prefix",
                        () -> builder().extension("search", Json.object()).build()),
                mistake(
                        "two authenticators",
                        "authenticator already",
                        () -> builder()
                                .authenticator(origin -> Authenticator.admit(Caller.local()))
                                .authenticator(origin -> Authenticator.admit(Caller.local()))),
                mistake("a page of nothing", "pageSize", () -> builder().pageSize(0)),
                mistake(
                        "questions that expire at once",
                        "stateTtl",
                        () -> builder().stateTtl(Duration.ZERO)),
                mistake("a negative time to live", "listTtl", () -> builder().listTtl(Duration.ofSeconds(-1))),
                mistake("a short key", "32 bytes", () -> StateKeys.of(new byte[16])));
    }

    private static Arguments mistake(String what, String advice, ThrowingCallable code) {
        return Arguments.of(what, advice, code);
    }

    private static McpServerBuilder builder() {
        return McpServer.builder("test", "1");
    }

    private static Tool tool(String name) {
        return Tool.named(name).handle((in, call) -> name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void isFoundWhenItIsMade(String what, String advice, ThrowingCallable code) {
        assertThatThrownBy(code).isInstanceOf(RuntimeException.class).hasMessageContaining(advice);
    }
}
