package dev.mortise.mcp.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.health.HealthCheck.Group;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.resilience.Component;
import dev.mortise.mcp.resilience.Eventually;
import dev.mortise.mcp.resilience.ManualTicker;
import dev.mortise.mcp.resilience.ServiceEvent;
import dev.mortise.mcp.resilience.Startup;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.HttpHead;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class HealthTest {
    record Nothing() {}

    private final ManualTicker time = new ManualTicker();
    private final List<ServiceEvent> events = new CopyOnWriteArrayList<>();
    private @Nullable McpServer server;

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    private Health.Builder builder() {
        return Health.builder().ticker(time).clock(time).listener(events::add);
    }

    private McpServer serve(Health health, Tool... tools) {
        var parts = McpServer.builder("test", "1").plugin(health).shutdownGrace(Duration.ofSeconds(5));
        List.of(tools).forEach(parts::tool);
        McpServer built = parts.build();
        server = built;
        return built;
    }

    private static HttpRoute.Response get(McpServer server, String path) {
        HttpRoute route = server.routes().stream()
                .filter(each -> each.path().equals(path))
                .findFirst()
                .orElseThrow();
        assertThat(route.anyHost()).as("probes come by address").isTrue();
        return route.handler().handle(new HttpRoute.Request(new Head(), new byte[0]));
    }

    private static JsonNode json(HttpRoute.Response response) {
        return Json.mapper().readTree(response.body());
    }

    private void round(Health health, Group group) {
        time.awaitWaiting(health.reports(group).size());
        time.pass(Duration.ofSeconds(2));
    }

    @Test
    void whatStopsShowsAndClearsByItself() {
        AtomicBoolean up = new AtomicBoolean(true);
        Health health = builder()
                .check(HealthCheck.ping("redis", () -> {
                    if (!up.get()) {
                        throw new IOException("redis://user:password@host refused");
                    }
                }))
                .build();
        McpServer running = serve(health);
        Eventually.holds(() -> get(running, "/health/ready").status() == 200);
        assertThat(json(get(running, "/health/ready")).toString()).isEqualTo("{\"status\":\"up\"}");
        assertThat(get(running, "/health/ready").headers()).containsEntry("Cache-Control", "no-store");

        up.set(false);
        round(health, Group.READY);
        Eventually.holds(() -> get(running, "/health/ready").status() == 503);
        assertThat(json(get(running, "/health/ready")).toString()).isEqualTo("{\"status\":\"down\"}");
        assertThat(get(running, "/health/live").status())
                .as("a restart would not mend it")
                .isEqualTo(200);
        assertThat(get(running, "/health/start").status())
                .as("what has started stays so")
                .isEqualTo(200);

        up.set(true);
        round(health, Group.READY);
        Eventually.holds(() -> get(running, "/health/ready").status() == 200 && events.size() == 2);
        assertThat(events)
                .containsExactly(
                        new ServiceEvent.HealthChanged("redis", false, "IOException"),
                        new ServiceEvent.HealthChanged("redis", true, ""));
    }

    @Test
    void aCheckThatHangsIsDownAfterItsTimeAndIsNotPiledUp() {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean hang = new AtomicBoolean(true);
        Health health = builder()
                .check(HealthCheck.of("database", () -> {
                    looks.incrementAndGet();
                    while (hang.get() && never.getCount() > 0) {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            // As a native call would.
                        }
                    }
                    return Verdict.up();
                }))
                .build();
        McpServer running = serve(health);
        Eventually.holds(() -> looks.get() == 1);
        for (int i = 0; i < 5; i++) {
            round(health, Group.READY);
        }
        Eventually.holds(() -> health.reports(Group.READY).get(0).message().equals("no answer within PT2S"));
        assertThat(get(running, "/health/ready").status()).isEqualTo(503);
        assertThat(looks).hasValue(1);

        never.countDown();
        Eventually.holds(() -> {
            time.pass(Duration.ofSeconds(2));
            return get(running, "/health/ready").status() == 200;
        });
    }

    @Test
    void somethingOptionalDegradesAndDetailsAreForThoseWhoMaySeeThem() {
        AtomicBoolean operator = new AtomicBoolean();
        Health health = builder()
                .check(HealthCheck.of("mail", () -> Verdict.down("no route").with("queued", 7))
                        .optional())
                .check(HealthCheck.of("database", Verdict::up))
                .detailsFor(request -> operator.get())
                .build();
        McpServer running = serve(health);
        Eventually.holds(() -> health.status(Group.READY) == Status.DEGRADED);

        assertThat(get(running, "/health/ready").status()).isEqualTo(200);
        assertThat(json(get(running, "/health/ready")).toString()).isEqualTo("{\"status\":\"degraded\"}");
        operator.set(true);
        JsonNode detail = json(get(running, "/health/ready")).path("checks");
        assertThat(detail.path(0).path("name").stringValue()).isEqualTo("mail");
        assertThat(detail.path(0).path("status").stringValue()).isEqualTo("degraded");
        assertThat(detail.path(0).path("message").stringValue()).isEqualTo("no route");
        assertThat(detail.path(0).path("details").path("queued").intValue()).isEqualTo(7);
        assertThat(detail.path(0).path("history").size()).isEqualTo(1);
        assertThat(detail.path(1).path("status").stringValue()).isEqualTo("up");
    }

    @Test
    void notReadyBeforeEverythingWasLookedAtOnceOrHasStarted() {
        CountDownLatch look = new CountDownLatch(1);
        Startup startup = Startup.of(
                Component.named("database").build(),
                Component.named("search")
                        .optional()
                        .start(() -> {
                            throw new IOException("locked");
                        })
                        .build());
        Health health = builder()
                .check(HealthCheck.ping("redis", look::await).in(Group.READY, Group.START))
                .startup(startup)
                .build();
        McpServer running = serve(health);
        assertThat(get(running, "/health/start").status()).isEqualTo(503);
        assertThat(get(running, "/health/ready").status()).isEqualTo(503);
        assertThat(get(running, "/health/live").status()).isEqualTo(200);
        look.countDown();
        startup.start();
        Eventually.holds(() -> get(running, "/health/ready").status() == 200);
        assertThat(get(running, "/health/start").status()).isEqualTo(200);
        assertThat(json(get(running, "/health/ready")).toString()).isEqualTo("{\"status\":\"degraded\"}");
        startup.close();
        assertThat(get(running, "/health/ready").status()).isEqualTo(503);
    }

    /** A load balancer must hear of it before a call is refused. */
    @Test
    void readinessGoesDownAsSoonAsTheShutdownBegins() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Health health = builder().build();
        McpServer running =
                serve(health, Tool.named("work").input(Nothing.class).handle((in, call) -> {
                    began.countDown();
                    release.await();
                    return "done";
                }));
        assertThat(get(running, "/health/ready").status()).isEqualTo(200);
        Conversation call = TestClient.of(running).open("tools/call", "{'name':'work','arguments':{}}");
        began.await();

        Thread closing = Thread.startVirtualThread(running::close);
        Eventually.holds(() -> get(running, "/health/ready").status() == 503);
        assertThat(json(get(running, "/health/ready")).path("status").stringValue())
                .isEqualTo("draining");
        assertThat(get(running, "/health/live").status()).isEqualTo(200);
        release.countDown();
        assertThat(call.end().result().at("/content/0/text").stringValue()).isEqualTo("done");
        closing.join();
    }

    @Test
    void aHostMayDrainBeforeItCloses() throws Exception {
        Health health = builder().build();
        McpServer running =
                serve(health, Tool.named("work").input(Nothing.class).handle((in, call) -> "done"));
        assertThat(get(running, "/health/ready").status()).isEqualTo(200);
        health.drain();
        assertThat(get(running, "/health/ready").status()).isEqualTo(503);
        assertThat(get(running, "/health/live").status()).isEqualTo(200);
        Conversation call = TestClient.of(running).open("tools/call", "{'name':'work','arguments':{}}");
        assertThat(call.end().result().at("/content/0/text").stringValue())
                .as("it serves on")
                .isEqualTo("done");
    }

    @Test
    void theReadyMadeChecks(@TempDir Path folder) throws Exception {
        assertThat(look(Checks.diskSpace("disk", folder, 1)).ok()).isTrue();
        assertThat(look(Checks.diskSpace("disk", folder, Long.MAX_VALUE)).ok()).isFalse();
        assertThat(look(Checks.writable("index", folder)).ok()).isTrue();
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
        assertThatThrownBy(() -> look(Checks.writable("index", folder.resolve("missing"))))
                .isInstanceOf(IOException.class);
        assertThat(look(Checks.memory("heap", 1)).ok()).isTrue();
        assertThat(look(Checks.memory("heap", 1e-9)).details()).containsKey("usedPart");
        assertThat(look(Checks.threadStarvation("threads", Duration.ofSeconds(20)))
                        .details())
                .containsKey("waitedMicros");
    }

    private static Verdict look(HealthCheck check) throws Exception {
        return check.probe().look();
    }

    @Test
    void findsWhatMakesNoSenseWhenItIsBuilt() {
        HealthCheck redis = HealthCheck.of("redis", Verdict::up);
        assertThatThrownBy(() -> Health.builder().check(redis).check(redis)).hasMessageContaining("two checks named");
        assertThatThrownBy(redis::in).hasMessageContaining("no group");
        assertThatThrownBy(() -> redis.every(Duration.ZERO)).hasMessageContaining("every");
    }

    /** No matter who asks. */
    private static final class Head implements HttpHead {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public URI uri() {
            return URI.create("http://localhost/health/ready");
        }

        @Override
        public List<String> headers(String name) {
            return List.of();
        }

        @Override
        public String remoteAddress() {
            return "127.0.0.1";
        }
    }
}
