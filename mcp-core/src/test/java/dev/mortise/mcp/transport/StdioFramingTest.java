package dev.mortise.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.util.RawValue;

class StdioFramingTest {

    @Test
    void aRequestIsAnsweredOnOneLine() throws Exception {
        try (var client = new StdioClient(Stub::echo)) {
            client.request(7, "ping");
            assertThat(client.nextLine()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"name\":\"ping\"}}");
            client.assertNothingMore();
        }
    }

    @Test
    void windowsLineEndsBlankLinesAndALastLineWithoutEndAreTolerated() throws Exception {
        try (var client = new StdioClient(Stub::echo, settings -> settings.grace(Duration.ofHours(1)))) {
            client.bytes("\r\n  \n{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"one\"}\r\n\n"
                    .getBytes(StandardCharsets.UTF_8));
            assertThat(Stub.nameIn(client.nextResult())).isEqualTo("one");
            client.bytes("{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":\"two\"}".getBytes(StandardCharsets.UTF_8));
            client.endInput();
            assertThat(Stub.nameIn(client.nextResult())).isEqualTo("two");
        }
    }

    @Test
    void malformedJsonIsAParseErrorWithoutIdAndReadingGoesOn() throws Exception {
        try (var client = new StdioClient(Stub::echo)) {
            client.line("{\"jsonrpc\":\"2.0\",\"id\":1,");
            assertThat(client.nextLine())
                    .isEqualTo("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32700,"
                            + "\"message\":\"The message is not valid JSON\"}}");
            client.request(1, "next");
            assertThat(Stub.nameIn(client.nextResult())).isEqualTo("next");
        }
    }

    @Test
    void bytesThatAreNotUtf8AreAParseError() throws Exception {
        try (var client = new StdioClient(Stub::echo)) {
            client.bytes(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(client.nextFailure())
                    .isEqualTo(new Message.Failure(
                            null, JsonRpcError.of(JsonRpcError.PARSE_ERROR, "The message is not UTF-8")));
            client.request(1, "\u00e9");
            assertThat(Stub.nameIn(client.nextResult())).isEqualTo("\u00e9");
        }
    }

    @Test
    void aRequestThatIsNoJsonRpcIsRefusedWithItsId() throws Exception {
        try (var client = new StdioClient(Stub::echo)) {
            client.line("{\"jsonrpc\":\"1.0\",\"id\":5,\"method\":\"ping\"}");
            Message.Failure failure = client.nextFailure();
            assertThat(failure.id()).isEqualTo(RequestId.of(5));
            assertThat(failure.error().code()).isEqualTo(JsonRpcError.INVALID_REQUEST);
        }
    }

    @Test
    void aHugeLineIsRefusedAndTheNextIsServed() throws Exception {
        try (var client = new StdioClient(Stub::echo, settings -> settings.maxLineBytes(1_000))) {
            client.line("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + "x".repeat(3_000_000) + "\"}");
            client.request(2, "next");
            Message.Failure failure = client.nextFailure();
            assertThat(failure.id()).isNull();
            assertThat(failure.error().code()).isEqualTo(JsonRpcError.INVALID_REQUEST);
            assertThat(client.nextResult().id()).isEqualTo(RequestId.of(2));
            client.assertNothingMore();
        }
    }

    @Test
    void rawJsonWithLineBreaksStaysOnOneLine() throws Exception {
        try (var client = new StdioClient(exchange -> exchange.reply(Reply.of(Message.Result.of(
                Stub.request(exchange).id(), Map.of("name", new RawValue("{\n  \"a\":\r\n \"\\n\"}"))))))) {
            client.request(1, "raw");
            assertThat(client.nextResult().result().at("/name/a").stringValue()).isEqualTo("\n");
            client.assertNothingMore();
        }
    }

    @Test
    void notificationsAndResponsesAreHandedOnAndNeverAnswered() throws Exception {
        var seen = new LinkedBlockingQueue<Message>();
        try (var client = new StdioClient(exchange -> {
            seen.add(Stub.message(exchange));
            exchange.reply(Reply.of(Stub.named(RequestId.of(1), "out of place")));
        })) {
            client.line("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
            client.line("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
            assertThat(seen.poll(StdioClient.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isNotNull();
            assertThat(seen.poll(StdioClient.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isNotNull();
            client.assertNothingMore();
        }
    }

    @Test
    void silenceWritesNothing() throws Exception {
        try (var client = new StdioClient(exchange -> exchange.reply(Reply.silence()))) {
            client.request(1, "quiet");
            client.assertNothingMore();
        }
    }

    @Test
    void theOriginIsTheLocalProcess() throws Exception {
        var origins = new LinkedBlockingQueue<Origin>();
        try (var client = new StdioClient(exchange -> origins.add(exchange.origin()))) {
            client.request(1, "who");
            assertThat(origins.poll(StdioClient.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo(new LocalProcess());
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        StdioTransport.Builder builder = StdioTransport.builder(Stub::echo);
        assertThatThrownBy(() -> builder.maxLineBytes(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.maxInFlight(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.grace(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTransportServesOnce() {
        StdioTransport transport = StdioTransport.builder(Stub::echo)
                .streams(InputStream.nullInputStream(), OutputStream.nullOutputStream())
                .build();
        transport.run();
        assertThatThrownBy(transport::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("build another");
    }
}
