package dev.mortise.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.http.StreamableHttp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How an endpoint comes into a container, and leaves with it. */
@Timeout(30)
class MountTest {
    @ParameterizedTest
    @EnumSource(Container.Kind.class)
    void endsItsStreamsWhenTheContainerStops(Container.Kind kind) throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        StreamableHttp http = StreamableHttp.of(
                exchange -> {
                    Endpoint.receive(exchange);
                    exchange.onGone(gone::countDown);
                    exchange.offer(Endpoint.note("open"));
                    started.countDown();
                },
                HttpOptions.builder().shutdownGrace(Duration.ofMillis(50)).build());
        Wire wire;
        try (Container container = Container.start(kind, Map.of("/mcp", http))) {
            wire = new Wire(container.port());
            wire.send(Wire.post("/mcp", "x"));
            started.await();
            assertThat(wire.receiveStatus()).isEqualTo(200);
        }

        assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(wire.isClosedByServer()).isTrue();
        wire.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Container.Kind.class,
            names = {"JETTY", "TOMCAT"})
    void refusesTwoServletsOnOnePath(Container.Kind kind) {
        StreamableHttp http = StreamableHttp.of(
                exchange -> {},
                HttpOptions.defaults(),
                List.of(HttpRoute.get("/mcp", request -> HttpRoute.Response.text(200, ""))));

        assertThatThrownBy(() -> Container.start(kind, Map.of("/mcp", http)))
                .hasStackTraceContaining("/mcp is mounted already");
    }
}
