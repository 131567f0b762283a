package dev.mortise.mcp.schema;

import static dev.mortise.mcp.schema.Trees.assertSame;
import static dev.mortise.mcp.schema.Trees.decode;
import static dev.mortise.mcp.schema.Trees.encode;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every example of the specification is read into its type and written as the same JSON. */
class SpecificationExamplesTest {
    /** The types that are a value of their own, without an envelope. */
    private static final Map<String, Class<?>> VALUES = Map.ofEntries(
            entry("AudioContent", AudioContent.class),
            entry("BlobResourceContents", BlobResourceContents.class),
            entry("BooleanSchema", BooleanSchema.class),
            entry("CallToolRequestParams", CallToolRequestParams.class),
            entry("CallToolResult", CallToolResult.class),
            entry("CancelledNotificationParams", CancelledNotificationParams.class),
            entry("ClientCapabilities", ClientCapabilities.class),
            entry("CompleteRequestParams", CompleteRequestParams.class),
            entry("CompleteResult", CompleteResult.class),
            entry("CreateMessageRequest", InputRequest.class),
            entry("CreateMessageRequestParams", CreateMessageRequestParams.class),
            entry("CreateMessageResult", CreateMessageResult.class),
            entry("DiscoverResult", DiscoverResult.class),
            entry("ElicitRequest", InputRequest.class),
            entry("ElicitRequestFormParams", ElicitRequestFormParams.class),
            entry("ElicitRequestURLParams", ElicitRequestURLParams.class),
            entry("ElicitResult", ElicitResult.class),
            entry("EmbeddedResource", ContentBlock.class),
            entry("GetPromptRequestParams", GetPromptRequestParams.class),
            entry("GetPromptResult", GetPromptResult.class),
            entry("ImageContent", ContentBlock.class),
            entry("InputRequiredResult", InputRequiredResult.class),
            entry("InternalError", JsonRpcError.class),
            entry("InvalidParamsError", JsonRpcError.class),
            entry("ListPromptsResult", ListPromptsResult.class),
            entry("ListResourceTemplatesResult", ListResourceTemplatesResult.class),
            entry("ListResourcesResult", ListResourcesResult.class),
            entry("ListRootsResult", ListRootsResult.class),
            entry("ListToolsResult", ListToolsResult.class),
            entry("LoggingMessageNotificationParams", LoggingMessageNotificationParams.class),
            entry("MethodNotFoundError", JsonRpcError.class),
            entry("ModelPreferences", ModelPreferences.class),
            entry("NumberSchema", PrimitiveSchemaDefinition.class),
            entry("PaginatedRequestParams", PaginatedRequestParams.class),
            entry("ParseError", JsonRpcError.class),
            entry("ProgressNotificationParams", ProgressNotificationParams.class),
            entry("ReadResourceResult", ReadResourceResult.class),
            entry("Resource", ResourceDefinition.class),
            entry("ResourceLink", ContentBlock.class),
            entry("ResourceUpdatedNotificationParams", ResourceUpdatedNotificationParams.class),
            entry("Root", Root.class),
            entry("SamplingMessage", SamplingMessage.class),
            entry("ServerCapabilities", ServerCapabilities.class),
            entry("StringSchema", PrimitiveSchemaDefinition.class),
            entry("SubscriptionsListenResult", SubscriptionsListenResult.class),
            entry("TextContent", ContentBlock.class),
            entry("TextResourceContents", ResourceContents.class),
            entry("TitledMultiSelectEnumSchema", PrimitiveSchemaDefinition.class),
            entry("TitledSingleSelectEnumSchema", PrimitiveSchemaDefinition.class),
            entry("Tool", ToolDefinition.class),
            entry("ToolResultContent", SamplingContent.class),
            entry("ToolUseContent", SamplingContent.class),
            entry("UntitledMultiSelectEnumSchema", PrimitiveSchemaDefinition.class),
            entry("UntitledSingleSelectEnumSchema", PrimitiveSchemaDefinition.class));

    /** The types that need more than the reading of a value. */
    private static final Map<String, Function<ObjectNode, JsonNode>> MESSAGES = Map.ofEntries(
            entry("CallToolRequest", request("tools/call", CallToolRequestParams.class)),
            entry("CallToolResultResponse", result(CallToolResult.class)),
            entry("CancelledNotification", notification("notifications/cancelled", CancelledNotificationParams.class)),
            entry("CompleteRequest", request("completion/complete", CompleteRequestParams.class)),
            entry("CompleteResultResponse", result(CompleteResult.class)),
            entry("DiscoverRequest", request("server/discover", RequestParams.class)),
            entry("DiscoverResultResponse", result(DiscoverResult.class)),
            entry("GetPromptRequest", request("prompts/get", GetPromptRequestParams.class)),
            entry("GetPromptResultResponse", result(GetPromptResult.class)),
            entry("HeaderMismatchError", failure(JsonRpcError.HEADER_MISMATCH, JsonNode.class)),
            entry("InputRequests", map(new TypeReference<Map<String, InputRequest>>() {})),
            entry("InputResponses", map(new TypeReference<Map<String, InputResponse>>() {})),
            entry("ListPromptsRequest", request("prompts/list", PaginatedRequestParams.class)),
            entry("ListPromptsResultResponse", result(ListPromptsResult.class)),
            entry("ListResourceTemplatesRequest", request("resources/templates/list", PaginatedRequestParams.class)),
            entry("ListResourceTemplatesResultResponse", result(ListResourceTemplatesResult.class)),
            entry("ListResourcesRequest", request("resources/list", PaginatedRequestParams.class)),
            entry("ListResourcesResultResponse", result(ListResourcesResult.class)),
            entry("ListRootsRequest", SpecificationExamplesTest::inputRequestWithId),
            entry("ListToolsRequest", request("tools/list", PaginatedRequestParams.class)),
            entry("ListToolsResultResponse", result(ListToolsResult.class)),
            entry(
                    "LoggingMessageNotification",
                    notification("notifications/message", LoggingMessageNotificationParams.class)),
            entry(
                    "MissingRequiredClientCapabilityError",
                    failure(
                            JsonRpcError.MISSING_REQUIRED_CLIENT_CAPABILITY,
                            MissingRequiredClientCapabilityData.class)),
            entry("ProgressNotification", notification("notifications/progress", ProgressNotificationParams.class)),
            entry(
                    "PromptListChangedNotification",
                    notification("notifications/prompts/list_changed", NotificationParams.class)),
            entry("ReadResourceRequest", request("resources/read", ReadResourceRequestParams.class)),
            entry("ReadResourceResultResponse", result(ReadResourceResult.class)),
            entry(
                    "ResourceListChangedNotification",
                    notification("notifications/resources/list_changed", NotificationParams.class)),
            entry(
                    "ResourceUpdatedNotification",
                    notification("notifications/resources/updated", ResourceUpdatedNotificationParams.class)),
            entry(
                    "SubscriptionsAcknowledgedNotification",
                    notification(
                            "notifications/subscriptions/acknowledged",
                            SubscriptionsAcknowledgedNotificationParams.class)),
            entry(
                    "SubscriptionsListenRequest",
                    request("subscriptions/listen", SubscriptionsListenRequestParams.class)),
            entry("SubscriptionsListenResultResponse", result(SubscriptionsListenResult.class)),
            entry(
                    "ToolListChangedNotification",
                    notification("notifications/tools/list_changed", NotificationParams.class)),
            entry(
                    "UnsupportedProtocolVersionError",
                    failure(JsonRpcError.UNSUPPORTED_PROTOCOL_VERSION, UnsupportedProtocolVersionData.class)));

    @TestFactory
    Stream<DynamicTest> everyExampleIsReadAndWrittenUnchanged() throws IOException {
        return SpecificationExamples.all().stream()
                .map(example -> dynamicTest(
                        example.file(), () -> assertSame(roundTrip(example.type(), example.json()), example.json())));
    }

    @TestFactory
    Stream<DynamicTest> unknownMembersAreIgnored() throws IOException {
        return SpecificationExamples.all().stream()
                .filter(example -> VALUES.containsKey(example.type()))
                .map(example -> dynamicTest(example.file(), () -> {
                    ObjectNode more = example.json().deepCopy();
                    more.putObject("memberOfALaterRevision").put("type", "new");
                    assertSame(roundTrip(example.type(), more), example.json());
                }));
    }

    @Test
    void theExamplesAreAllThere() throws IOException {
        var examples = SpecificationExamples.all();
        assertThat(examples).hasSize(129);
        assertThat(examples.stream().map(SpecificationExamples.Example::type).distinct())
                .hasSize(88);
    }

    private static JsonNode roundTrip(String type, ObjectNode json) {
        Class<?> value = VALUES.get(type);
        if (value != null) {
            return encode(decode(json, value));
        }
        assertThat(MESSAGES).as("types that this test knows").containsKey(type);
        return MESSAGES.get(type).apply(json);
    }

    private static Function<ObjectNode, JsonNode> map(TypeReference<?> type) {
        return json -> encode(Json.mapper().convertValue(json, type));
    }

    private static Function<ObjectNode, JsonNode> request(String method, Class<?> params) {
        return json -> {
            var request =
                    new Message.Request(id(json), json.get("method").stringValue(), (ObjectNode) json.get("params"));
            assertThat(request.method()).isEqualTo(method);
            return envelope(request.id())
                    .put("method", request.method())
                    .set("params", encode(decode(request.params(), params)));
        };
    }

    private static Function<ObjectNode, JsonNode> notification(String method, Class<?> params) {
        return json -> {
            var received = new Message.Notification(json.get("method").stringValue(), json.get("params"));
            assertThat(received.method()).isEqualTo(method);
            var sent = Message.Notification.of(method, decode(received.params(), params));
            return encode(envelope(null).put("method", sent.method()).set("params", sent.params()));
        };
    }

    private static Function<ObjectNode, JsonNode> result(Class<? extends Result> type) {
        return json -> {
            var received = new Message.Result(id(json), json.get("result"));
            var sent = Message.Result.of(received.id(), decode(received.result(), type));
            return encode(envelope(sent.id()).set("result", sent.result()));
        };
    }

    private static Function<ObjectNode, JsonNode> failure(int code, Class<?> data) {
        return json -> {
            var received = new Message.Failure(id(json), decode(json.get("error"), JsonRpcError.class));
            JsonRpcError error = received.error();
            assertThat(error.code()).isEqualTo(code);
            JsonNode details = error.data() == null ? null : encode(decode(error.data(), data));
            return encode(
                    envelope(received.id()).set("error", encode(new JsonRpcError(code, error.message(), details))));
        };
    }

    /** The example has the id that such a request has in older revisions, where it is a message of its own. */
    private static JsonNode inputRequestWithId(ObjectNode json) {
        ObjectNode request = json.deepCopy();
        JsonNode id = request.remove("id");
        return ((ObjectNode) encode(decode(request, InputRequest.class))).set("id", id);
    }

    private static RequestId id(ObjectNode json) {
        assertThat(json.get("jsonrpc").stringValue()).isEqualTo("2.0");
        return RequestId.from(json.get("id")).orElseThrow();
    }

    private static ObjectNode envelope(RequestId id) {
        ObjectNode envelope = Json.object().put("jsonrpc", "2.0");
        if (id != null) {
            envelope.set("id", Json.tree(id));
        }
        return envelope;
    }
}
