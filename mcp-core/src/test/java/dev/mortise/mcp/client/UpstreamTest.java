package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.health.Checks;
import dev.mortise.mcp.health.HealthCheck;
import dev.mortise.mcp.health.Verdict;
import dev.mortise.mcp.resilience.Deadline;
import dev.mortise.mcp.resilience.Eventually;
import dev.mortise.mcp.resilience.ManualTicker;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.resilience.Resilience;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Conversation;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server whose handlers ask another server. */
@Timeout(60)
class UpstreamTest {
    record Nothing() {}

    private final ManualTicker time = new ManualTicker();

    private McpServer asking(McpClient upstream) {
        return McpServer.builder("front", "1")
                .plugin(Resilience.builder()
                        .ticker(time)
                        .tools(
                                "limited",
                                Protection.builder()
                                        .timeout(Duration.ofSeconds(3))
                                        .build())
                        .build())
                .tool(Tool.named("limited")
                        .input(Nothing.class)
                        .handle((in, call) -> upstream.callTool("forecast", Map.of(), Deadline.options(call))
                                .content()))
                .tool(Tool.named("free")
                        .input(Nothing.class)
                        .handle((in, call) -> upstream.callTool("forecast", Map.of(), Deadline.options(call))
                                .content()))
                .build();
    }

    @Test
    void aDeadlineGoesOnToTheNextServer() throws Exception {
        String sunny = "{'content':[{'type':'text','text':'sunny'}]}";
        try (ScriptedServer weather = ScriptedServer.modern(request -> request.result(sunny));
                McpClient upstream = McpClient.http(weather.uri()).connect();
                McpServer front = asking(upstream)) {
            TestClient client = TestClient.of(front);
            assertThat(client.text("limited", "{}")).isEqualTo("sunny");
            client.send("tools/call", "{'name':'limited','arguments':{}}", "{'dev.mortise/timeoutMs':1200}");
            client.send("tools/call", "{'name':'free','arguments':{}}", "{'dev.mortise/timeoutMs':700}");
            assertThat(client.text("free", "{}")).isEqualTo("sunny");

            assertThat(weather.requests("tools/call"))
                    .extracting(request -> request.params()
                            .path("_meta")
                            .path(Deadline.META_KEY)
                            .asLong(-1))
                    .containsExactly(3_000L, 1_200L, 700L, -1L);
        }
    }

    @Test
    void whatIsLeftIsTheSmallerOfBoth() {
        Deadline deadline = Deadline.in(Duration.ofSeconds(2), time);
        assertThat(deadline.into(CallOptions.DEFAULT).maxTime()).isEqualTo(Duration.ofSeconds(2));
        assertThat(deadline.into(CallOptions.DEFAULT.maxTime(Duration.ofMillis(5)))
                        .maxTime())
                .isEqualTo(Duration.ofMillis(5));
        time.pass(Duration.ofSeconds(9));
        assertThat(deadline.into(CallOptions.DEFAULT).maxTime()).isEqualTo(Duration.ofMillis(1));
    }

    /** The next server hears of it: work that nobody waits for ends there, too. */
    @Test
    void aClientThatGoesAwayEndsTheWorkOfTheNextServer() throws Exception {
        AtomicReference<String> ended = new AtomicReference<>("");
        CountDownLatch began = new CountDownLatch(1);
        McpServer weather = McpServer.builder("weather", "1")
                .tool(Tool.named("forecast").input(Nothing.class).handle((in, call) -> {
                    began.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        ended.set(
                                "interrupted, cancelled " + call.cancellation().isCancelled());
                    }
                    return "too late";
                }))
                .build();
        try (McpClient upstream = McpClient.inMemory(weather).connect();
                McpServer front = asking(upstream)) {
            Conversation conversation = TestClient.of(front).open("tools/call", "{'name':'limited','arguments':{}}");
            began.await();
            conversation.cancel();
            Eventually.holds(() -> ended.get().equals("interrupted, cancelled true"));
        } finally {
            weather.close();
        }
    }

    @Test
    void anotherServerThatStopsShowsAndClearsByItself() throws Exception {
        ScriptedServer first = ScriptedServer.modern(request -> request.result("{}"));
        try (McpClient upstream = McpClient.http(first.uri()).connect()) {
            HealthCheck check = Checks.upstream("weather", upstream);
            assertThat(check.required()).isFalse();
            assertThat(check.probe().look()).isEqualTo(Verdict.up());
            int port = first.port();
            first.close();
            assertThat(check.probe().look().ok()).isFalse();
            try (ScriptedServer again =
                    ScriptedServer.start(port, request -> request.result(ScriptedServer.DISCOVERED))) {
                assertThat(again.port()).isEqualTo(port);
                assertThat(check.probe().look()).isEqualTo(Verdict.up());
            }
        }
    }
}
