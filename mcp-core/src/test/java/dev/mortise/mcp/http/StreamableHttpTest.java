package dev.mortise.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the binding, without a container and with a clock of its own. */
@Timeout(20)
class StreamableHttpTest {
    private static final String RESULT = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";
    private static final Reply DONE = Reply.of(Message.Result.of(RequestId.of(1), Json.object()));

    private final HttpOptions options = HttpOptions.builder()
            .maxBodyBytes(1000)
            .allowOrigin("https://app.example.com")
            .build();

    @Test
    void answersInJson() {
        TestConnection connection = post("{\"jsonrpc\":\"2.0\"}", exchange -> {
            receive(exchange);
            exchange.reply(new Reply(DONE.message(), 200, Map.of("X-Extra", "1")));
        });

        assertThat(connection.status).isEqualTo(200);
        assertThat(connection.sent()).isEqualTo(RESULT);
        assertThat(connection.headers)
                .containsEntry("Content-Type", "application/json")
                .containsEntry("Content-Length", Integer.toString(RESULT.length()))
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("X-Extra", "1")
                .doesNotContainKey("Access-Control-Allow-Origin");
    }

    @Test
    void answersAnAcceptedNotificationWithoutABody() {
        TestConnection connection = post("{}", exchange -> {
            receive(exchange);
            exchange.reply(Reply.accepted());
        });

        assertThat(connection.status).isEqualTo(202);
        assertThat(connection.sent()).isEmpty();
        assertThat(connection.headers).doesNotContainKeys("Content-Type", "Content-Length");
    }

    @ParameterizedTest
    @CsvSource({
        "Host, evil.example.com, 403",
        "Origin, http://evil.example.com, 403",
        "Origin, null, 403",
        "Content-Type, text/plain, 415",
        "Content-Type, application/json; charset=latin1, 415",
        "Content-Type, application/jsonp, 415",
        "Content-Encoding, gzip, 415",
        "Accept, text/html, 406"
    })
    void refusesBeforeTheEndpointIsAsked(String header, String value, int status) {
        TestConnection connection =
                new TestConnection(TestHead.post().replacing(header, value), "{\"jsonrpc\":\"2.0\"}");

        serve(connection, StreamableHttpTest::unreachable);

        assertRefused(connection, status);
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Type, application/json; charset=UTF-8",
        "Content-Type, APPLICATION/JSON;charset=\"utf-8\"",
        "Content-Encoding, identity",
        "Accept, */*",
        "Mcp-Session-Id, whatever",
        "Last-Event-ID, 7"
    })
    void acceptsWhatIsHarmless(String header, String value) {
        TestConnection connection = new TestConnection(TestHead.post().replacing(header, value), "{}");

        serve(connection, StreamableHttpTest::receiveAndReply);

        assertThat(connection.status).isEqualTo(200);
        assertThat(connection.headers).doesNotContainKey("Mcp-Session-Id");
    }

    @Test
    void requiresAContentType() {
        TestConnection connection = new TestConnection(TestHead.post().without("Content-Type"), "{}");

        serve(connection, StreamableHttpTest::unreachable);

        assertRefused(connection, 415);
    }

    @ParameterizedTest
    @CsvSource({"PUT", "HEAD", "PATCH"})
    void takesNoOtherMethods(String method) {
        TestConnection connection = new TestConnection(new TestHead(method).with("Host", "localhost"), "");

        serve(connection, StreamableHttpTest::unreachable);

        assertRefused(connection, 405);
        assertThat(connection.headers).containsEntry("Allow", "DELETE, GET, OPTIONS, POST");
    }

    @ParameterizedTest
    @CsvSource({"GET", "DELETE"})
    void handsOnWhatSessionsAreMadeOf(String method) {
        TestConnection connection = new TestConnection(new TestHead(method).with("Host", "localhost"), "");

        serve(connection, exchange -> exchange.reply(Reply.silence()));

        assertThat(connection.status).isEqualTo(204);
    }

    @Test
    void answersPreflights() {
        TestConnection connection = new TestConnection(
                new TestHead("OPTIONS")
                        .with("Host", "localhost")
                        .with("Origin", "https://app.example.com")
                        .with("Access-Control-Request-Method", "POST")
                        .with("Access-Control-Request-Headers", "authorization,mcp-param-region"),
                "");

        serve(connection, StreamableHttpTest::unreachable);

        assertThat(connection.status).isEqualTo(204);
        assertThat(connection.headers)
                .containsEntry("Access-Control-Allow-Origin", "https://app.example.com")
                .containsEntry("Access-Control-Allow-Methods", "DELETE, GET, OPTIONS, POST")
                .containsEntry("Access-Control-Allow-Headers", "authorization,mcp-param-region")
                .containsEntry("Vary", "Origin, Access-Control-Request-Headers");
    }

    @Test
    void letsAllowedPagesReadTheResponse() {
        TestConnection connection = new TestConnection(TestHead.post().with("Origin", "https://app.example.com"), "{}");

        serve(connection, StreamableHttpTest::receiveAndReply);

        assertThat(connection.headers)
                .containsEntry("Access-Control-Allow-Origin", "https://app.example.com")
                .containsEntry("Vary", "Origin")
                .containsEntry("Access-Control-Expose-Headers", "WWW-Authenticate, Mcp-Session-Id");
    }

    @Test
    void refusesAnAnnouncedBodyThatIsTooLargeWithoutAskingForIt() {
        TestConnection connection =
                new TestConnection(TestHead.post().with("Expect", "100-continue"), unreadable(), 1001);

        serve(connection, StreamableHttpTest::unreachable);

        assertRefused(connection, 413);
        assertThat(connection.connectionClosed).isTrue();
    }

    @Test
    void stopsReadingABodyWithoutEnd() {
        EndlessBody body = new EndlessBody();
        TestConnection connection = new TestConnection(TestHead.post(), body, -1);

        serve(connection, exchange -> {
            assertThat(receive(exchange)).isNull();
            assertThat(body.read).isEqualTo(1001);
            body.ended = true;
        });

        assertRefused(connection, 413);
        assertThat(connection.connectionClosed).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-1, 0", "10, 5"})
    void refusesEmptyAndTruncatedBodies(long announced, int arriving) {
        TestConnection connection =
                new TestConnection(TestHead.post(), new ByteArrayInputStream(new byte[arriving]), announced);

        serve(connection, exchange -> assertThat(receive(exchange)).isNull());

        assertRefused(connection, 400);
        assertThat(connection.sent() + flushed(connection)).contains("-32700");
    }

    @Test
    void readsBodiesOfAnySizeWithinTheBound() {
        for (int size : new int[] {1, 999, 1000}) {
            List<Integer> sizes = new ArrayList<>();
            post("x".repeat(size), exchange -> {
                byte[] bytes = receive(exchange);
                sizes.add(bytes == null ? -1 : bytes.length);
                exchange.reply(DONE);
            });
            assertThat(sizes).containsExactly(size);
        }
    }

    @Test
    void anAuthenticatorMayRefuseWithoutReadingTheBody() throws Exception {
        TestConnection connection = post(
                "{}",
                exchange -> exchange.reply(new Reply(
                        new Message.Failure(null, JsonRpcError.of(-1, "no")),
                        401,
                        Map.of("WWW-Authenticate", "Bearer"))));

        assertThat(connection.status).isEqualTo(401);
        assertThat(connection.headers).containsEntry("WWW-Authenticate", "Bearer");
        assertThat(connection.nextFlush()).contains("\"message\":\"no\"");
        assertThat(connection.body().available()).isZero();
    }

    @Test
    void hidesWhyTheEndpointFailed() {
        TestConnection connection = post("{}", exchange -> {
            receive(exchange);
            throw new IllegalStateException("secret");
        });

        assertThat(connection.status).isEqualTo(500);
        assertThat(connection.sent()).contains("-32603").doesNotContain("secret");
    }

    /** Asked for its URI, because it names no host. */
    private static final HttpHead WITHOUT_URI = new HttpHead() {
        private final TestHead head = TestHead.post().without("Host");

        @Override
        public String method() {
            return head.method();
        }

        @Override
        public URI uri() {
            throw new IllegalStateException("The request's own URI is not one");
        }

        @Override
        public List<String> headers(String name) {
            return head.headers(name);
        }

        @Override
        public String remoteAddress() {
            return head.remoteAddress();
        }
    };

    /** An answer that was never written would be a 200 without a body. */
    @Test
    void saysSoWhenAContainerFails() throws Exception {
        for (Consumer<TestConnection> serving : List.<Consumer<TestConnection>>of(
                connection -> serve(connection, StreamableHttpTest::unreachable),
                connection -> new StreamableHttp(StreamableHttpTest::unreachable, options, List.of(), System::nanoTime)
                        .serveRoute("/none", connection, connection))) {
            TestConnection connection = new TestConnection(WITHOUT_URI, "{}");

            serving.accept(connection);

            assertThat(connection.status).isEqualTo(500);
            assertThat(connection.nextFlush()).contains("-32603").doesNotContain("URI");
        }
    }

    @Test
    void cutsABodyThatDripsAndOneThatStops() {
        ManualTime time = new ManualTime();
        InputStream drip = new InputStream() {
            @Override
            public int read() {
                time.nanos += 11_000_000_000L;
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                bytes[offset] = (byte) read();
                return 1;
            }
        };
        TestConnection dripping = new TestConnection(TestHead.post(), drip, 500);
        serve(dripping, exchange -> assertThat(receive(exchange)).isNull(), time);
        assertRefused(dripping, 408);

        BlockingQueue<Integer> never = new LinkedBlockingQueue<>();
        InputStream stuck = new InputStream() {
            @Override
            public int read() throws IOException {
                try {
                    time.passSoon(31);
                    return never.take();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
            }
        };
        TestConnection stopped = new TestConnection(TestHead.post(), stuck, 500);
        serve(
                stopped,
                exchange -> {
                    assertThat(receive(exchange)).isNull();
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                },
                time);
        assertRefused(stopped, 408);
        assertThat(stopped.connectionClosed).isTrue();
    }

    @Test
    void knowsItselfByItsPublicUri() {
        List<URI> uris = new ArrayList<>();
        StreamableHttp http = new StreamableHttp(
                exchange -> {
                    uris.add(((HttpHead) exchange.origin()).uri());
                    exchange.reply(DONE);
                },
                HttpOptions.builder()
                        .publicUri(URI.create("https://mcp.example.com/v1"))
                        .build(),
                List.of(),
                System::nanoTime);

        http.serve(connection("{}"), connection("{}"));

        assertThat(uris).containsExactly(URI.create("https://mcp.example.com/v1"));
    }

    private static void assertRefused(TestConnection connection, int status) {
        assertThat(connection.status).isEqualTo(status);
        assertThat(connection.headers)
                .containsEntry("Content-Type", "application/json")
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("X-Content-Type-Options", "nosniff");
    }

    private static String flushed(TestConnection connection) {
        try {
            return connection.nothingFlushed() ? "" : connection.nextFlush();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private TestConnection post(String body, Consumer<Exchange> endpoint) {
        TestConnection connection = connection(body);
        serve(connection, endpoint);
        return connection;
    }

    private static TestConnection connection(String body) {
        return new TestConnection(TestHead.post(), body);
    }

    private void serve(TestConnection connection, Consumer<Exchange> endpoint) {
        serve(connection, endpoint, new ManualTime());
    }

    private void serve(TestConnection connection, Consumer<Exchange> endpoint, ManualTime time) {
        StreamableHttp http = new StreamableHttp(endpoint, options, List.of(), () -> time.nanos);
        time.pulse = http.pulse();
        http.serve(connection, connection);
    }

    private static byte @Nullable [] receive(Exchange exchange) {
        try {
            return exchange.receive().orElse(null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void receiveAndReply(Exchange exchange) {
        receive(exchange);
        exchange.reply(DONE);
    }

    private static void unreachable(Exchange exchange) {
        throw new AssertionError("the endpoint was asked");
    }

    private static Message.Notification note(String text) {
        return new Message.Notification("notifications/message", Json.tree(text));
    }

    private static InputStream unreadable() {
        return new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("the body was asked for");
            }
        };
    }

    private static final class EndlessBody extends InputStream {
        private int read;
        private boolean ended;

        @Override
        public int read() {
            read++;
            return ended ? -1 : 'x';
        }
    }
}
