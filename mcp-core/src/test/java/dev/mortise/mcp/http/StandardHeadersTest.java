package dev.mortise.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class StandardHeadersTest {
    private static final String VERSION = "2026-07-28";

    @Test
    void acceptsWhatAgrees() {
        assertThat(toolCall("add", head("tools/call").with("Mcp-Name", "add"))).isEmpty();
        assertThat(mismatch("tools/list", "{}", head("tools/list"))).isEmpty();
        assertThat(mismatch(
                        "resources/read",
                        "{\"uri\":\"file:///a\"}",
                        head("resources/read").with("Mcp-Name", "file:///a")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mcp-method", "MCP-METHOD", "Mcp-Method"})
    void takesNamesInAnyCase(String name) {
        TestHead head =
                new TestHead("POST").with("MCP-PROTOCOL-version", VERSION).with(name, "tools/list");

        assertThat(mismatch("tools/list", "{}", head)).isEmpty();
    }

    @Test
    void takesValuesInTheirOwnCaseOnly() {
        assertThat(mismatch("tools/list", "{}", head("TOOLS/LIST")))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .isEqualTo("Mcp-Method header value 'TOOLS/LIST' does not match body value" + " 'tools/list'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"})
    void requiresEachField(String name) {
        TestHead head = head("tools/call").with("Mcp-Name", "add").without(name);

        assertThat(toolCall("add", head)).hasValue("the required header " + name + " is missing");
    }

    @Test
    void refusesAnotherVersionThanTheBodys() {
        TestHead head = head("tools/list").replacing("MCP-Protocol-Version", "2025-11-25");

        assertThat(mismatch("tools/list", "{}", head))
                .hasValueSatisfying(reason -> assertThat(reason).contains("2025-11-25", VERSION));
    }

    @Test
    void leavesItToOthersThatTheBodyLacksSomething() {
        assertThat(mismatch("tools/call", "{}", head("tools/call"))).isEmpty();
        assertThat(StandardHeaders.mismatch(
                        head("tools/list"), new Message.Request(RequestId.of(1), "tools/list", params("{}")), null))
                .isEmpty();
    }

    @Test
    void needsNoNameForOtherMethods() {
        assertThat(mismatch("tools/list", "{}", head("tools/list").with("Mcp-Name", "whatever")))
                .isEmpty();
        assertThat(mismatch("tasks/get", "{\"taskId\":\"t\"}", head("tasks/get")))
                .isEmpty();
        assertThat(mismatch("tasks/get", "{\"taskId\":\"t\"}", head("tasks/get").with("Mcp-Name", "u")))
                .isPresent();
    }

    @Test
    void trimsBlanksAroundValues() {
        assertThat(toolCall("add", head("tools/call").with("Mcp-Name", " \t add  ")))
                .isEmpty();
    }

    @Test
    void takesRepeatedFieldsThatAgree() {
        assertThat(toolCall("add", head("tools/call").with("Mcp-Name", "add").with("Mcp-Name", " add")))
                .isEmpty();
        assertThat(toolCall("add", head("tools/call").with("Mcp-Name", "add").with("Mcp-Name", "sub")))
                .hasValueSatisfying(reason -> assertThat(reason).contains("several times"));
        assertThat(toolCall("add", head("tools/call").with("Mcp-Name", "add, add")))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({"Hello,=?base64?SGVsbG8=?=", "'Hello, 世界',=?base64?SGVsbG8sIOS4lueVjA==?=", "' a ',=?base64?IGEg?="})
    void decodesTheSentinel(String name, String header) {
        assertThat(toolCall(name, head("tools/call").with("Mcp-Name", header))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=?base64?SGVsbG8?=",
                "=?base64?SGVs!!!bG8=?=",
                "=?base64?SGVsbG9=?=",
                "=?base64?/w==?=",
                "Hell\u00f6",
                "Hel\u0001lo",
                "Hel\u007flo"
            })
    void refusesInvalidCharactersAndEncodings(String header) {
        assertThat(toolCall("Hello", head("tools/call").with("Mcp-Name", header)))
                .hasValue("Mcp-Name contains invalid characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=?base64?SGVsbG8=", "SGVsbG8=?=", "=?BASE64?SGVsbG8=?="})
    void takesHalfASentinelLiterally(String name) {
        assertThat(toolCall(name, head("tools/call").with("Mcp-Name", name))).isEmpty();
    }

    @Test
    void decodesNoSentinelInTheMethod() {
        String encoded =
                "=?base64?" + Base64.getEncoder().encodeToString("tools/list".getBytes(StandardCharsets.UTF_8)) + "?=";

        assertThat(mismatch("tools/list", "{}", head(encoded))).isPresent();
    }

    private static Optional<String> toolCall(String name, TestHead head) {
        return mismatch("tools/call", Json.object().put("name", name).toString(), head);
    }

    private static Optional<String> mismatch(String method, String params, TestHead head) {
        return StandardHeaders.mismatch(head, new Message.Request(RequestId.of(1), method, params(params)), VERSION);
    }

    private static ObjectNode params(String json) {
        return (ObjectNode) Json.parse(json);
    }

    private static TestHead head(String method) {
        return new TestHead("POST").with("MCP-Protocol-Version", VERSION).with("Mcp-Method", method);
    }
}
