package dev.mortise.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpRouteTest {
    private final StreamableHttp http = new StreamableHttp(
            exchange -> {
                throw new AssertionError("the endpoint was asked");
            },
            HttpOptions.builder().maxBodyBytes(10).build(),
            List.of(
                    HttpRoute.get("/health/live", request -> HttpRoute.Response.text(200, "up"))
                            .onAnyHost(),
                    HttpRoute.get("/documents", request -> HttpRoute.Response.json(200, bytes("{}"))),
                    HttpRoute.post("/documents", request -> HttpRoute.Response.json(201, request.body())),
                    HttpRoute.post("/fails", request -> {
                        throw new IllegalStateException("secret");
                    })),
            System::nanoTime);

    @Test
    void knowsItsPaths() {
        assertThat(http.routePaths()).containsExactlyInAnyOrder("/health/live", "/documents", "/fails");
    }

    @Test
    void servesByPathAndMethod() {
        assertThat(call("/documents", new TestHead("GET").with("Host", "localhost"), "")
                        .sent())
                .isEqualTo("{}");
        TestConnection posted = call("/documents", new TestHead("POST").with("Host", "localhost"), "[1]");
        assertThat(posted.status).isEqualTo(201);
        assertThat(posted.sent()).isEqualTo("[1]");
        assertThat(posted.headers).containsEntry("Cache-Control", "no-store").containsEntry("Content-Length", "3");
    }

    @Test
    void answersHeadLikeGet() {
        TestConnection head = call("/documents", new TestHead("HEAD").with("Host", "localhost"), "");

        assertThat(head.status).isEqualTo(200);
        assertThat(head.headers).containsEntry("Content-Length", "2");
    }

    @Test
    void refusesOtherMethods() {
        TestConnection connection = call("/documents", new TestHead("DELETE").with("Host", "localhost"), "");

        assertThat(connection.status).isEqualTo(405);
        assertThat(connection.headers).containsEntry("Allow", "GET, HEAD, OPTIONS, POST");
    }

    @Test
    void checksHostsUnlessTheRouteIsForAny() {
        TestHead stranger = new TestHead("GET").with("Host", "10.0.0.7:8080");

        assertThat(call("/documents", stranger, "").status).isEqualTo(403);
        assertThat(call("/health/live", stranger, "").sent()).isEqualTo("up");
        assertThat(call("/health/live", stranger.with("Origin", "http://evil.example.com"), "").status)
                .isEqualTo(403);
    }

    @Test
    void boundsBodies() {
        assertThat(call("/documents", new TestHead("POST").with("Host", "localhost"), "12345678901").status)
                .isEqualTo(413);
    }

    @Test
    void hidesWhyARouteFailed() {
        TestConnection connection = call("/fails", new TestHead("POST").with("Host", "localhost"), "");

        assertThat(connection.status).isEqualTo(500);
        assertThat(connection.sent()).doesNotContain("secret");
    }

    @Test
    void refusesRoutesThatNobodyCouldReach() {
        HttpRoute.Handler handler = request -> HttpRoute.Response.text(200, "");
        assertThatIllegalArgumentException().isThrownBy(() -> HttpRoute.get("relative", handler));
        assertThatIllegalArgumentException().isThrownBy(() -> HttpRoute.get("/a/*", handler));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamableHttp.of(
                        exchange -> {},
                        HttpOptions.defaults(),
                        List.of(HttpRoute.get("/a", handler), HttpRoute.get("/a", handler))))
                .withMessageContaining("GET /a");
    }

    private TestConnection call(String path, TestHead head, String body) {
        TestConnection connection = new TestConnection(head, body);
        http.serveRoute(path, connection, connection);
        return connection;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
