package dev.mortise.mcp.schema;

import static dev.mortise.mcp.schema.Trees.decode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.json.Json;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;

/** What the specification forbids is refused, and the message says what it was. */
class InvalidValuesTest {
    static Stream<Arguments> incomplete() {
        return Stream.of(
                Arguments.of(TextContent.class, "{\"type\":\"text\"}", "TextContent.text is missing"),
                Arguments.of(
                        ImageContent.class, "{\"type\":\"image\",\"data\":\"\"}", "ImageContent.mimeType is missing"),
                Arguments.of(
                        ContentBlock.class,
                        "{\"type\":\"resource_link\",\"name\":\"x\"}",
                        "ResourceDefinition.uri is missing"),
                Arguments.of(ContentBlock.class, "{\"type\":\"resource\"}", "EmbeddedResource.resource is missing"),
                Arguments.of(
                        SamplingContent.class,
                        "{\"type\":\"tool_use\",\"id\":\"1\",\"name\":\"x\"}",
                        "ToolUseContent.input is missing"),
                Arguments.of(CallToolResult.class, "{}", "CallToolResult.content is missing"),
                Arguments.of(
                        CallToolResult.class, "{\"content\":[null]}", "an item of CallToolResult.content is missing"),
                Arguments.of(CallToolRequestParams.class, "{}", "CallToolRequestParams.name is missing"),
                Arguments.of(CallToolRequestParams.class, "{\"name\":5}", "name must be a string"),
                Arguments.of(
                        CallToolRequestParams.class,
                        "{\"name\":\"x\",\"arguments\":[]}",
                        "arguments must be an object"),
                Arguments.of(
                        CallToolRequestParams.class,
                        "{\"name\":\"x\",\"inputResponses\":1}",
                        "inputResponses must be an object"),
                Arguments.of(CallToolRequestParams.class, "{\"name\":\"x\",\"_meta\":\"\"}", "_meta must be an object"),
                Arguments.of(ToolDefinition.class, "{\"name\":\"x\"}", "ToolDefinition.inputSchema is missing"),
                Arguments.of(
                        ToolDefinition.class,
                        "{\"name\":\"x\",\"inputSchema\":true}",
                        "ToolDefinition.inputSchema must be an object"),
                Arguments.of(
                        ToolDefinition.class,
                        "{\"name\":\"x\",\"inputSchema\":{},\"outputSchema\":null}",
                        "ToolDefinition.outputSchema must be an object"),
                Arguments.of(ProgressNotificationParams.class, "{\"progressToken\":1}", "progress"),
                Arguments.of(
                        ProgressNotificationParams.class,
                        "{\"progressToken\":1.5,\"progress\":1}",
                        "a string or an integer"),
                Arguments.of(
                        ProgressNotificationParams.class,
                        "{\"progressToken\":1,\"progress\":\"NaN\"}",
                        "must be a finite number"),
                Arguments.of(
                        CancelledNotificationParams.class, "{\"requestId\":1.5}", "an id is a string or an integer"),
                Arguments.of(
                        CancelledNotificationParams.class, "{}", "CancelledNotificationParams.requestId is missing"),
                Arguments.of(
                        LoggingMessageNotificationParams.class,
                        "{\"level\":\"info\"}",
                        "LoggingMessageNotificationParams.data is missing"),
                Arguments.of(
                        CompleteRequestParams.class,
                        "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"x\"}}",
                        "CompleteRequestParams.argument is missing"),
                Arguments.of(
                        SubscriptionsListenRequestParams.class,
                        "{}",
                        "SubscriptionsListenRequestParams.notifications is missing"),
                Arguments.of(
                        SubscriptionsListenResult.class, "{\"resultType\":\"complete\"}", "subscriptionId] is missing"),
                Arguments.of(
                        InputRequiredResult.class,
                        "{\"resultType\":\"input_required\"}",
                        "needs inputRequests or requestState"),
                Arguments.of(
                        InputRequiredResult.class, "{\"inputRequests\":{}}", "needs inputRequests or requestState"),
                Arguments.of(InputResponse.class, "{\"content\":{}}", "an action, a model, or roots"),
                Arguments.of(ElicitRequestParams.class, "{\"mode\":\"voice\",\"message\":\"x\"}", "no mode \"voice\""),
                Arguments.of(
                        ElicitRequestParams.class,
                        "{\"mode\":\"url\",\"message\":\"x\",\"url\":\"/relative\"}",
                        "must be an absolute URL"),
                Arguments.of(PrimitiveSchemaDefinition.class, "{\"type\":\"object\"}", "no field of type \"object\""),
                Arguments.of(CreateMessageRequestParams.class, "{\"messages\":[]}", "maxTokens must be at least 1"),
                Arguments.of(Icon.class, "{\"src\":\"javascript:alert(1)\"}", "must be an https:, http: or data: URI"),
                Arguments.of(Implementation.class, "{\"name\":\"x\"}", "Implementation.version is missing"),
                Arguments.of(Implementation.class, "{\"name\":5,\"version\":\"1\"}", "name must be a string"),
                Arguments.of(Implementation.class, "\"x\"", "Implementation must be an object"),
                Arguments.of(
                        Implementation.class,
                        "{\"name\":\"x\",\"version\":\"1\",\"icons\":[null]}",
                        "an item of Implementation.icons is missing"),
                Arguments.of(ClientCapabilities.class, "{\"roots\":true}", "roots must be an object"),
                Arguments.of(ClientCapabilities.class, "{\"sampling\":{\"tools\":[]}}", "tools must be an object"),
                Arguments.of(ClientCapabilities.class, "{\"elicitation\":{\"form\":1}}", "form must be an object"),
                Arguments.of(
                        ClientCapabilities.class, "{\"experimental\":{\"x\":1}}", "experimental.x must be an object"),
                Arguments.of(ClientCapabilities.class, "{\"extensions\":[]}", "extensions must be an object"),
                Arguments.of(ClientCapabilities.class, "{\"extensions\":[{}]}", "extensions must be an object"),
                Arguments.of(Annotations.class, "{\"priority\":1.01}", "Annotations.priority must be between 0 and 1"),
                Arguments.of(
                        ModelPreferences.class,
                        "{\"costPriority\":-0.1}",
                        "ModelPreferences.costPriority must be between 0 and 1"),
                Arguments.of(
                        ResourceDefinition.class,
                        "{\"uri\":\"x:y\",\"name\":\"y\",\"size\":-1}",
                        "ResourceDefinition.size must not be negative"),
                Arguments.of(
                        StringSchema.class,
                        "{\"type\":\"string\",\"minLength\":-1}",
                        "StringSchema.minLength must not be negative"));
    }

    @ParameterizedTest
    @MethodSource("incomplete")
    void isRefusedByName(Class<?> type, String json, String message) {
        assertThatThrownBy(() -> decode(json, type))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> ofTheWrongType() {
        return Stream.of(
                Arguments.of(ContentBlock.class, "{\"type\":\"video\"}"),
                Arguments.of(ContentBlock.class, "{\"text\":\"x\"}"),
                Arguments.of(ContentBlock.class, "{\"type\":\"tool_use\",\"id\":\"1\",\"name\":\"x\",\"input\":{}}"),
                Arguments.of(SamplingContent.class, "{\"type\":\"resource_link\",\"uri\":\"x:y\",\"name\":\"x\"}"),
                Arguments.of(TextContent.class, "{\"type\":\"image\",\"text\":\"x\"}"),
                Arguments.of(TextContent.class, "{\"type\":\"text\",\"text\":5}"),
                Arguments.of(TextContent.class, "{\"type\":\"text\",\"text\":true}"),
                Arguments.of(ResourceContents.class, "{\"uri\":\"x:y\"}"),
                Arguments.of(InputRequest.class, "{\"method\":\"tools/call\",\"params\":{}}"),
                Arguments.of(
                        PromptMessage.class, "{\"role\":\"system\",\"content\":{\"type\":\"text\",\"text\":\"x\"}}"),
                Arguments.of(PromptMessage.class, "{\"role\":0,\"content\":{\"type\":\"text\",\"text\":\"x\"}}"),
                Arguments.of(PromptMessage.class, "{\"role\":\"0\",\"content\":{\"type\":\"text\",\"text\":\"x\"}}"),
                Arguments.of(GetPromptRequestParams.class, "{\"name\":\"x\",\"arguments\":{\"a\":1}}"),
                Arguments.of(SubscriptionFilter.class, "{\"toolsListChanged\":\"true\"}"),
                Arguments.of(ReadResourceResult.class, "{\"contents\":[],\"ttlMs\":\"5\"}"));
    }

    @ParameterizedTest
    @MethodSource("ofTheWrongType")
    void isNotTakenForSomethingElse(Class<?> type, String json) {
        assertThatThrownBy(() -> decode(json, type)).isInstanceOf(JacksonException.class);
    }

    @Test
    void isRefusedInCodeToo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Annotations.builder().priority(Double.NaN).build())
                .withMessageContaining("between 0 and 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ListToolsResult.of(List.of()).withCaching(-1, CacheScope.PUBLIC))
                .withMessage("ttlMs must not be negative");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ToolDefinition.builder("x", Json.object()).build())
                .withMessageContaining("\"type\": \"object\"");
        assertThatIllegalArgumentException().isThrownBy(() -> Icon.of("file:///etc/passwd"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerCapabilities.builder().extension("tasks", Json.object()))
                .withMessageContaining("not an extension id");
        assertThatIllegalArgumentException().isThrownBy(() -> InputRequiredResult.of(Map.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GetPromptResult.of(Collections.singletonList(null)))
                .withMessageContaining("an item of GetPromptResult.messages");
        List<String> tooMany =
                IntStream.range(0, 101).mapToObj(Integer::toString).toList();
        assertThatIllegalArgumentException().isThrownBy(() -> new Completion(tooMany, null, null));
    }
}
