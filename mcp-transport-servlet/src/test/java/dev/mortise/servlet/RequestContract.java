package dev.mortise.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Reply;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What requests are taken and refused, and what becomes of their connections. */
abstract class RequestContract extends ContainerContract {
    RequestContract(Container.Kind kind) {
        super(kind);
    }

    @Test
    void answersAClient() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port() + "/mcp"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("hello"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(response.body()).isEqualTo(Endpoint.json("hello"));
        }
    }

    @Test
    void runsOnAVirtualThreadAndShowsTheHead() throws Exception {
        BlockingQueue<Object> seen = new ArrayBlockingQueue<>(10);
        endpoint.does(exchange -> {
            HttpHead head = (HttpHead) exchange.origin();
            seen.add(Thread.currentThread().isVirtual());
            seen.add(head.method());
            seen.add(head.uri());
            seen.add(head.remoteAddress());
            seen.add(head.headers("MCP-NAME"));
            seen.add(head.headers("x-none"));
            Endpoint.echo(exchange);
        });
        try (Wire wire = connect()) {
            wire.send(Wire.post("/mcp", "x", "mCp-nAmE:   padded  ")).receive();
        }

        assertThat(seen)
                .containsExactly(
                        true,
                        "POST",
                        URI.create("http://localhost/mcp"),
                        "127.0.0.1",
                        java.util.List.of("padded"),
                        java.util.List.of());
    }

    @Test
    void keepsTheHeadReadableAfterTheRequest() throws Exception {
        BlockingQueue<Exchange> exchanges = new ArrayBlockingQueue<>(10);
        endpoint.does(exchange -> {
            exchanges.add(exchange);
            Endpoint.echo(exchange);
        });
        try (Wire wire = connect()) {
            wire.send(Wire.post("/mcp", "1", "X-Number: first")).receive();
            wire.send(Wire.post("/mcp", "2", "X-Number: second")).receive();
        }

        Exchange first = exchanges.take();
        assertThat(((HttpHead) first.origin()).header("X-Number")).hasValue("first");
        first.offer(Endpoint.note("late"));
        first.reply(Endpoint.result("late"));
    }

    @Test
    void answersAnAcceptedNotificationWithoutABody() throws Exception {
        endpoint.does(exchange -> {
            Endpoint.receive(exchange);
            exchange.reply(Reply.accepted());
        });
        try (Wire wire = connect()) {
            Wire.Response response = wire.send(Wire.post("/mcp", "x")).receive();
            assertThat(response.status()).isEqualTo(202);
            assertThat(response.body()).isEmpty();
            assertThat(wire.send(Wire.post("/mcp", "x")).receive().status()).isEqualTo(202);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Host: evil.example.com, 403",
        "Origin: http://evil.example.com, 403",
        "Origin: null, 403",
        "Content-Type: text/plain, 415",
        "Content-Encoding: gzip, 415",
        "Accept: text/html, 406"
    })
    void refusesAndGoesOn(String header, int status) throws Exception {
        try (Wire wire = connect()) {
            Wire.Response refusal =
                    wire.send(Wire.post("/mcp", "{\"some\":1}", header)).receive();

            assertThat(refusal.status()).isEqualTo(status);
            assertThat(refusal.headers()).containsEntry("Content-Type", "application/json");
            assertThat(refusal.body())
                    .startsWith("{\"jsonrpc\":\"2.0\",\"error\":{")
                    .doesNotContain("dev.mortise");
            assertThat(wire.send(Wire.post("/mcp", "next")).receive().body()).isEqualTo(Endpoint.json("next"));
        }
    }

    @Test
    void refusesAChunkedBodyAndGoesOn() throws Exception {
        try (Wire wire = connect()) {
            wire.send("POST /mcp HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            assertThat(wire.receive().status()).isEqualTo(415);
            wire.send("0\r\n\r\n");
            assertThat(wire.send(Wire.post("/mcp", "next")).receive().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATCH", "BREW", "PUT"})
    void refusesOtherMethodsAndGoesOn(String method) throws Exception {
        try (Wire wire = connect()) {
            Wire.Response refusal = wire.send(method + " /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .receive();

            assertThat(refusal.status()).isEqualTo(405);
            assertThat(refusal.headers()).containsEntry("Allow", "DELETE, GET, OPTIONS, POST");
            assertThat(wire.send(Wire.post("/mcp", "next")).receive().status()).isEqualTo(200);
        }
    }

    @Test
    void answersPreflights() throws Exception {
        try (Wire wire = connect()) {
            Wire.Response response = wire.send("""
                            OPTIONS /mcp HTTP/1.1
                            Host: localhost
                            Origin: https://app.example.com
                            Access-Control-Request-Method: POST
                            Access-Control-Request-Headers: mcp-method

                            """.replace("\n", "\r\n")).receive();

            assertThat(response.status()).isEqualTo(204);
            assertThat(response.headers())
                    .containsEntry("Access-Control-Allow-Origin", "https://app.example.com")
                    .containsEntry("Access-Control-Allow-Headers", "mcp-method");
            assertThat(wire.send(Wire.post("/mcp", "next")).receive().status()).isEqualTo(200);
        }
    }

    @Test
    void refusesOnTheHeadAloneAndGoesOn() throws Exception {
        endpoint.does(exchange -> exchange.reply(new Reply(
                new Message.Failure(null, JsonRpcError.of(-1, "who?")), 401, Map.of("WWW-Authenticate", "Bearer"))));
        try (Wire wire = connect()) {
            // The answer comes although the body does not.
            wire.send(Wire.post("/mcp", "", "Content-Length: 10"));
            Wire.Response refusal = wire.receive();
            assertThat(refusal.status()).isEqualTo(401);
            assertThat(refusal.headers()).containsEntry("WWW-Authenticate", "Bearer");

            endpoint.echoes();
            wire.send("0123456789").send(Wire.post("/mcp", "next"));
            assertThat(wire.receive().body()).isEqualTo(Endpoint.json("next"));
        }
    }

    @Test
    void hidesWhyItFailed() throws Exception {
        endpoint.does(exchange -> {
            Endpoint.receive(exchange);
            throw new IllegalStateException("secret");
        });
        try (Wire wire = connect()) {
            Wire.Response response = wire.send(Wire.post("/mcp", "x")).receive();

            assertThat(response.status()).isEqualTo(500);
            assertThat(response.body()).contains("-32603").doesNotContain("secret", "Exception");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /mcp HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
                "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
                "POST /%zz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
            })
    void showsNoStackTraces(String request) throws Exception {
        try (Wire wire = connect()) {
            Wire.Response response = wire.send(request).receive();

            assertThat(response.status()).isBetween(400, 499);
            assertThat(response.body()).doesNotContain("\tat ", "org.eclipse", "org.apache");
        }
    }

    /** Tomcat shows stack traces here unless its ErrorReportValve is told not to, before anybody else is asked. */
    @ParameterizedTest
    @ValueSource(strings = {"NONSENSE\r\n\r\n", "POST /mcp HTTP/1.1\r\nHost: localhost\r\nBad Header\r\n\r\n"})
    void leavesItToTheContainerWhatIsNoHttp(String request) throws Exception {
        try (Wire wire = connect()) {
            assertThat(wire.send(request).receive().status()).isEqualTo(400);
        }
    }

    @Test
    void servesRoutes() throws Exception {
        try (Wire wire = connect()) {
            Wire.Response live = wire.send("GET /health/live HTTP/1.1\r\nHost: 10.1.2.3\r\n\r\n")
                    .receive();
            assertThat(live.status()).isEqualTo(200);
            assertThat(live.body()).isEqualTo("up");

            Wire.Response hook = wire.send(Wire.post("/hook", "[1]")).receive();
            assertThat(hook.status()).isEqualTo(201);
            assertThat(hook.body()).isEqualTo("[1]");

            assertThat(wire.send(Wire.post("/hook", "[1]", "Host: 10.1.2.3"))
                            .receive()
                            .status())
                    .isEqualTo(403);
            assertThat(wire.send("GET /hook HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .receive()
                            .status())
                    .isEqualTo(405);
            wire.send("HEAD /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(wire.receiveStatus()).isEqualTo(200);
            assertThat(wire.receiveHeaders()).containsEntry("Content-Length", "2");
            assertThat(wire.send(Wire.post("/mcp", "next")).receive().status()).isEqualTo(200);
        }
    }
}
