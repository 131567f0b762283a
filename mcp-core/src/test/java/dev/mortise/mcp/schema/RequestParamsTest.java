package dev.mortise.mcp.schema;

import static dev.mortise.mcp.schema.Trees.assertSame;
import static dev.mortise.mcp.schema.Trees.decode;
import static dev.mortise.mcp.schema.Trees.encode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

class RequestParamsTest {
    static Stream<InputResponseRequestParams> retryable() {
        return Stream.of(
                CallToolRequestParams.of("t", Json.object().put("a", 1)),
                GetPromptRequestParams.of("p", Map.of("a", "1")),
                ReadResourceRequestParams.of("file:///a"));
    }

    @ParameterizedTest
    @MethodSource("retryable")
    void carryAnswersAndStateOnARetry(InputResponseRequestParams first) {
        assertThat(encode(first).has("inputResponses")).isFalse();
        InputResponseRequestParams retry = first.withInputResponses(Map.of("q", ElicitResult.decline()))
                .withRequestState("s")
                .withMeta(Meta.of("k", 1));
        assertThat(retry.inputResponses().get("q")).isEqualTo(Json.parse("{\"action\":\"decline\"}"));
        assertThat(decode(encode(retry), retry.getClass())).isEqualTo(retry);
    }

    @ParameterizedTest
    @MethodSource("retryable")
    void keepAnswersThatTheServerDoesNotKnow(InputResponseRequestParams first) {
        ObjectNode json = (ObjectNode) encode(first);
        json.putObject("inputResponses").put("odd", "not an answer").putNull("none");
        InputResponseRequestParams read = decode(json, first.getClass());
        assertThat(read.inputResponses()).containsOnlyKeys("odd", "none");
        assertSame(encode(read), json);
    }

    @Test
    void ofACallTakeOverTheTreeOfTheArguments() {
        ObjectNode params = (ObjectNode) Json.parse("{\"name\":\"t\",\"arguments\":{\"a\":{\"b\":1}}}");
        assertThat(CallToolRequestParams.from(params).arguments()).isSameAs(params.get("arguments"));
    }

    @Test
    void ofACallWithoutArgumentsHaveAnEmptyObject() {
        assertThat(decode("{\"name\":\"t\"}", CallToolRequestParams.class).arguments())
                .isEmpty();
        assertThat(decode("{\"name\":\"t\",\"arguments\":null}", CallToolRequestParams.class)
                        .arguments())
                .isEmpty();
    }

    @Test
    void ofAListNameThePage() {
        assertSame(PaginatedRequestParams.firstPage(), "{}");
        assertSame(
                PaginatedRequestParams.pageAt("c").withMeta(Meta.of("k", 1)), "{\"cursor\":\"c\",\"_meta\":{\"k\":1}}");
    }

    @Test
    void ofCompletionKnowTheSettledArguments() {
        var params =
                CompleteRequestParams.of(ResourceTemplateReference.of("file:///{a}"), CompletionArgument.of("a", ""));
        assertThat(params.settledArguments()).isEmpty();
        assertSame(params.withContext(CompletionContext.of(Map.of("b", "1"))), """
                {"ref": {"type": "ref/resource", "uri": "file:///{a}"}, "argument": {"name": "a", "value": ""},
                 "context": {"arguments": {"b": "1"}}}""");
        assertThat(decode("{\"type\":\"ref/prompt\",\"name\":\"p\"}", CompletionReference.class))
                .isEqualTo(PromptReference.of("p"));
    }

    @Test
    void ofNotificationsAreBuiltFromTheirRequiredParts() {
        assertSame(
                ProgressNotificationParams.of(ProgressToken.of("t"), 0.5)
                        .withTotal(2.0)
                        .withMessage("m"),
                "{\"progressToken\":\"t\",\"progress\":0.5,\"total\":2,\"message\":\"m\"}");
        assertSame(
                LoggingMessageNotificationParams.of(LoggingLevel.INFO, Json.parse("null"))
                        .withLogger("l"),
                "{\"level\":\"info\",\"logger\":\"l\",\"data\":null}");
        assertSame(
                CancelledNotificationParams.of(RequestId.of(5)).withReason("r"), "{\"requestId\":5,\"reason\":\"r\"}");
        assertSame(
                ResourceUpdatedNotificationParams.of("file:///a")
                        .withMeta(Meta.of(MetaKeys.SUBSCRIPTION_ID, RequestId.of("s"))),
                "{\"uri\":\"file:///a\",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":\"s\"}}");
    }

    @Test
    void ofErrorsSayWhatWouldWork() {
        assertSame(
                UnsupportedProtocolVersionData.of(List.of("2026-07-28"), "1900-01-01"),
                "{\"supported\":[\"2026-07-28\"],\"requested\":\"1900-01-01\"}");
        assertSame(
                MissingRequiredClientCapabilityData.of(
                        ClientCapabilities.builder().roots().build()),
                "{\"requiredCapabilities\":{\"roots\":{}}}");
    }
}
