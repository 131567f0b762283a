package dev.mortise.mcp.schema;

import static dev.mortise.mcp.schema.Trees.assertSame;
import static dev.mortise.mcp.schema.Trees.decode;
import static dev.mortise.mcp.schema.Trees.encode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.RequestId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class MetaTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "progressToken",
                "a",
                "",
                "trace-id_1.x",
                "com.example/name",
                "com.example/",
                "c/1",
                "io.modelcontextprotocol/clientInfo",
                "a-b.c2/x"
            })
    void keysOfTheRightForm(String key) {
        assertThat(MetaKeys.isValid(key)).isTrue();
        assertThat(Meta.of(key, true).get(key)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-a",
                "a-",
                "a b",
                "/a",
                "1com/a",
                "com-/a",
                "com..example/a",
                ".com/a",
                "com./a",
                "a/b/c",
                "ä",
                "com/-a",
                "a\n"
            })
    void keysOfTheWrongForm(String key) {
        assertThat(MetaKeys.isValid(key)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Meta.of(key, true))
                .withMessageContaining("not a _meta key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.modelcontextprotocol/x",
                "dev.mcp/",
                "org.modelcontextprotocol.api/x",
                "com.mcp.tools/x",
                "io.MCP/x",
                "progressToken",
                "traceparent",
                "tracestate",
                "baggage"
            })
    void keysOfTheProtocol(String key) {
        assertThat(MetaKeys.isReserved(key)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.example.mcp/x", "mcp/x", "modelcontextprotocol/x", "com.example/mcp", "mcp", "x"})
    void keysOfEverybody(String key) {
        assertThat(MetaKeys.isReserved(key)).isFalse();
    }

    @Test
    void keepsTheOrderOfItsEntries() {
        String json = "{\"z\":1,\"a\":{\"b\":[null]},\"m\":null}";
        Meta meta = decode(json, Meta.class);
        assertThat(meta.entries().keySet()).containsExactly("z", "a", "m");
        assertThat(encode(meta)).hasToString(json);
        assertThat(encode(meta.with("z", 2).with("n", "new")))
                .hasToString("{\"z\":2,\"a\":{\"b\":[null]},\"m\":null,\"n\":\"new\"}");
    }

    @Test
    void isNotTouchedByWith() {
        Meta meta = Meta.of("a", 1);
        meta.with("b", 2);
        assertThat(meta.entries()).containsOnlyKeys("a");
        assertThat(Meta.EMPTY.isEmpty()).isTrue();
    }

    @Test
    void readsEntriesAsWireValues() {
        Meta meta = decode("""
                {"progressToken": 7, "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                 "io.modelcontextprotocol/clientInfo": {"name": "c", "version": "1"},
                 "io.modelcontextprotocol/logLevel": "warning",
                 "io.modelcontextprotocol/subscriptionId": "listen-1"}""", Meta.class);
        assertThat(meta.get(MetaKeys.PROGRESS_TOKEN, ProgressToken.class)).contains(ProgressToken.of(7));
        assertThat(meta.text(MetaKeys.PROTOCOL_VERSION)).contains("2026-07-28");
        assertThat(meta.get(MetaKeys.CLIENT_INFO, Implementation.class)).contains(Implementation.of("c", "1"));
        assertThat(meta.get(MetaKeys.LOG_LEVEL, LoggingLevel.class)).contains(LoggingLevel.WARNING);
        assertThat(meta.get(MetaKeys.SUBSCRIPTION_ID, RequestId.class)).contains(RequestId.of("listen-1"));
        assertThat(meta.get(MetaKeys.CLIENT_CAPABILITIES, ClientCapabilities.class))
                .isEmpty();
        assertThat(meta.text(MetaKeys.PROGRESS_TOKEN)).isEmpty();
        assertThatThrownBy(() -> meta.get(MetaKeys.PROTOCOL_VERSION, Implementation.class))
                .isInstanceOf(JacksonException.class);
    }

    @Test
    void isNotWrittenWhenEmpty() {
        assertSame(TextContent.of("x"), "{\"type\":\"text\",\"text\":\"x\"}");
        assertSame(
                TextContent.of("x").withMeta(Meta.of("com.example/k", 1)),
                "{\"type\":\"text\",\"text\":\"x\",\"_meta\":{\"com.example/k\":1}}");
        assertThat(decode("{\"type\":\"text\",\"text\":\"x\",\"_meta\":null}", TextContent.class)
                        .meta())
                .isEqualTo(Meta.EMPTY);
    }

    @Test
    void isReadFromATree() {
        assertThat(Meta.from(null)).isEqualTo(Meta.EMPTY);
        assertThat(Meta.from(Json.parse("{\"odd key\":1}")).get("odd key")).isPresent();
        assertThatIllegalArgumentException().isThrownBy(() -> Meta.from(Json.parse("[]")));
    }
}
