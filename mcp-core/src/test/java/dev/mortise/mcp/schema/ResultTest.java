package dev.mortise.mcp.schema;

import static dev.mortise.mcp.schema.Trees.assertSame;
import static dev.mortise.mcp.schema.Trees.decode;
import static dev.mortise.mcp.schema.Trees.encode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.NullNode;

class ResultTest {
    static Stream<Result> results() {
        return Stream.of(
                EmptyResult.of(),
                CallToolResult.text("x"),
                ListToolsResult.of(List.of()),
                ListResourcesResult.of(List.of()),
                ListResourceTemplatesResult.of(List.of()),
                ListPromptsResult.of(List.of()),
                ReadResourceResult.of(TextResourceContents.of("x:y", "z")),
                GetPromptResult.of(PromptMessage.user("x")).withDescription("d"),
                CompleteResult.of(Completion.NONE),
                DiscoverResult.of(
                        List.of("2026-07-28"), ServerCapabilities.builder().build()),
                SubscriptionsListenResult.of(RequestId.of("listen-1")),
                InputRequiredResult.ofState("s"));
    }

    @ParameterizedTest
    @MethodSource("results")
    void writesItsTypeFirst(Result result) {
        String type = result instanceof InputRequiredResult ? Result.INPUT_REQUIRED : Result.COMPLETE;
        assertThat(encode(result).toString()).startsWith("{\"resultType\":\"" + type + "\"");
    }

    @ParameterizedTest
    @MethodSource("results")
    void survivesTheWireWithMeta(Result result) {
        Result sent = result.withMeta(result.meta().with("com.example/k", "v"));
        assertThat(decode(encode(sent), sent.getClass())).isEqualTo(sent);
        assertThat(sent.meta().text("com.example/k")).contains("v");
    }

    @ParameterizedTest
    @MethodSource("results")
    void takesCachingHints(Result result) {
        if (result instanceof CacheableResult cacheable) {
            assertThat(encode(cacheable).has("ttlMs")).isFalse();
            assertThat(cacheable.ttlMs()).isZero();
            assertThat(cacheable.cacheScope()).isEqualTo(CacheScope.PRIVATE);

            CacheableResult hinted =
                    cacheable.withCaching(60_000, CacheScope.PUBLIC).withMeta(Meta.EMPTY);
            assertThat(encode(hinted).get("ttlMs").longValue()).isEqualTo(60_000);
            assertThat(encode(hinted).get("cacheScope").stringValue()).isEqualTo("public");
            assertThat(decode(encode(hinted), hinted.getClass())).isEqualTo(hinted);
        }
    }

    @Test
    void ofAnOlderServerHasNoType() {
        CallToolResult result = decode("{\"content\":[]}", CallToolResult.class);
        assertThat(result.resultType()).isEqualTo(Result.COMPLETE);
    }

    @Test
    void withANegativeTimeToLiveIsStale() {
        assertThat(decode("{\"tools\":[],\"ttlMs\":-5}", ListToolsResult.class).ttlMs())
                .isZero();
    }

    @Test
    void tellsNoStructuredContentFromNull() {
        CallToolResult none = decode("{\"content\":[]}", CallToolResult.class);
        CallToolResult nothing = decode("{\"content\":[],\"structuredContent\":null}", CallToolResult.class);
        assertThat(none.structuredContent()).isNull();
        assertThat(nothing.structuredContent()).isEqualTo(NullNode.getInstance());
        assertThat(encode(none).has("structuredContent")).isFalse();
        assertThat(encode(nothing).has("structuredContent")).isTrue();
    }

    @Test
    void ofAToolSaysWhetherItFailed() {
        assertSame(CallToolResult.error("no such row"), """
                {"resultType": "complete", "content": [{"type": "text", "text": "no such row"}], "isError": true}""");
        assertThat(CallToolResult.error("x").isError()).isTrue();
        assertThat(CallToolResult.text("x").isError()).isFalse();
        assertThat(decode("{\"content\":[],\"isError\":false}", CallToolResult.class)
                        .isError())
                .isFalse();
    }

    @Test
    void ofAToolRepeatsStructureAsText() {
        assertSame(CallToolResult.structured(Json.parse("[1, 2]")), """
                {"resultType": "complete", "content": [{"type": "text", "text": "[1,2]"}],
                 "structuredContent": [1, 2]}""");
    }

    @Test
    void keepsTheOrderOfQuestions() {
        InputRequiredResult result = decode("""
                {"resultType": "input_required", "inputRequests": {
                   "z": {"method": "roots/list", "params": {"_meta": {"k": 1}}},
                   "a": {"params": {"mode": "url", "message": "m", "url": "https://example.com/x"},
                         "method": "elicitation/create"}}}""", InputRequiredResult.class);
        assertThat(result.inputRequests().keySet()).containsExactly("z", "a");
        assertThat(result.inputRequests().values())
                .containsExactly(
                        new ListRootsRequest(RequestParams.of(Meta.of("k", 1))),
                        ElicitRequest.url("m", "https://example.com/x"));
    }

    @Test
    void writesQuestionsWithTheirMethodHoweverTheyAreHeld() {
        assertSame(Map.of("roots", (Object) ListRootsRequest.of()), "{\"roots\":{\"method\":\"roots/list\"}}");
        assertSame(List.of((Object) TextContent.of("x")), "[{\"type\":\"text\",\"text\":\"x\"}]");
    }

    @Test
    void ofCompletionKeepsTheFirstHundred() {
        List<String> proposals =
                IntStream.range(0, 250).mapToObj(Integer::toString).toList();
        Completion completion = Completion.of(proposals);
        assertThat(completion.values()).hasSize(100).startsWith("0", "1");
        assertThat(completion.total()).isEqualTo(250);
        assertThat(completion.hasMore()).isTrue();
        assertSame(CompleteResult.of(Completion.of(List.of("a"))), """
                {"resultType": "complete", "completion": {"values": ["a"], "total": 1, "hasMore": false}}""");
    }
}
