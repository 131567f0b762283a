package dev.mortise.servlet;

import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.http.StreamableHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Starts one container for a class of tests that must hold in all of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(30)
abstract class ContainerContract {
    static final int MAX_BODY = 64 * 1024;

    final Endpoint endpoint = new Endpoint();
    final Container.Kind kind;
    private Container container;

    @SuppressWarnings("NullAway.Init")
    ContainerContract(Container.Kind kind) {
        this.kind = kind;
    }

    @BeforeAll
    void start() throws Exception {
        // Two endpoints: one with the patience of the defaults, one that is restless.
        HttpOptions calm = HttpOptions.builder()
                .maxBodyBytes(MAX_BODY)
                .bodyDeadline(Duration.ofMillis(400))
                .silence(Duration.ofSeconds(20))
                .shutdownGrace(Duration.ZERO)
                .allowOrigin("https://app.example.com")
                .build();
        HttpOptions lively = HttpOptions.builder()
                .silence(Duration.ofMillis(100))
                .heartbeat(Duration.ofMillis(100))
                .shutdownGrace(Duration.ZERO)
                .build();
        List<HttpRoute> routes = List.of(
                HttpRoute.get("/health/live", request -> HttpRoute.Response.text(200, "up"))
                        .onAnyHost(),
                HttpRoute.post("/hook", request -> HttpRoute.Response.json(201, request.body())));
        container = Container.start(
                kind,
                Map.of(
                        "/mcp", StreamableHttp.of(endpoint, calm, routes),
                        "/lively", StreamableHttp.of(endpoint, lively)));
    }

    @AfterAll
    void stop() throws Exception {
        container.close();
    }

    @AfterEach
    void echoAgain() {
        endpoint.echoes();
    }

    boolean isJetty() {
        return kind == Container.Kind.JETTY || kind == Container.Kind.JETTY_VIRTUAL;
    }

    int port() {
        return container.port();
    }

    Wire connect() throws IOException {
        return new Wire(port());
    }
}
