package dev.mortise.servlet;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static dev.mortise.mcp.server.ToolOutcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.client.CallCancelledException;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.CancelSignal;
import dev.mortise.mcp.client.ServerChange;
import dev.mortise.mcp.client.Subscription;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.StreamableHttp;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.json.McpHeader;
import dev.mortise.mcp.schema.ElicitResult;
import dev.mortise.mcp.schema.ProgressNotificationParams;
import dev.mortise.mcp.schema.SubscriptionFilter;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.server.Tool;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client of this library and its server, with a container and HTTP between them. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientTest {
    public record Where(@McpHeader("Region") String region) {}

    public record Name(String name) {}

    public record Nothing() {}

    private static final Question<Name> NAME = Question.form("name", Name.class, "Who are you?");

    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    private McpServer server() {
        return McpServer.builder("demo", "1")
                .tool(Tool.of("where", "Says where", Where.class, in -> in.region()))
                .tool(Tool.named("greet")
                        .description("Greets")
                        .input(Nothing.class)
                        .handle((in, call) -> switch (call.answer(NAME)) {
                            case Answer.Accepted<Name> ok ->
                                done("Hello, " + ok.value().name());
                            case Answer.Declined<Name> no -> done("declined");
                            case Answer.Cancelled<Name> no -> done("cancelled");
                            case Answer.Missing<Name> none -> ask(NAME);
                        }))
                .tool(Tool.named("progress")
                        .description("Reports")
                        .input(Nothing.class)
                        .handle((in, call) -> {
                            call.progress(1, 2);
                            return "done";
                        }))
                .tool(Tool.named("wait")
                        .description("Waits")
                        .input(Nothing.class)
                        .handle((in, call) -> {
                            waiting.countDown();
                            try {
                                Thread.sleep(Duration.ofMinutes(10));
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                                throw e;
                            }
                            return "never";
                        }))
                .build();
    }

    @Test
    void everythingWorksOverHttp() throws Exception {
        for (Container.Kind kind : List.of(Container.Kind.JETTY, Container.Kind.TOMCAT)) {
            try (McpServer server = server();
                    Container container = Container.start(kind, Map.of("/mcp", http(server)));
                    McpClient client = McpClient.http(URI.create("http://127.0.0.1:" + container.port() + "/mcp"))
                            .onElicitation(
                                    form -> ElicitResult.accept(Json.object().put("name", "Zoë")))
                            .connect()) {
                assertThat(client.server().version()).isEqualTo(ProtocolVersion.V2026_07_28);
                // Not listed yet: the server demands a header that the client has to learn about first.
                assertThat(text(client, "where", Map.of("region", "Zürich"))).isEqualTo("Zürich");
                assertThat(client.tools()).hasSize(4);
                assertThat(text(client, "greet", Map.of())).isEqualTo("Hello, Zoë");

                List<ProgressNotificationParams> progress = new CopyOnWriteArrayList<>();
                client.callTool("progress", Map.of(), CallOptions.DEFAULT.onProgress(progress::add));
                assertThat(progress).hasSize(1);

                BlockingQueue<ServerChange> changes = new LinkedBlockingQueue<>();
                try (Subscription subscription = client.listen(
                        SubscriptionFilter.builder().toolsListChanged(true).build(), changes::add)) {
                    assertThat(subscription.isLive()).isTrue();
                    server.tools().add(Tool.of("new", "New", Nothing.class, in -> "new"));
                    assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Tools());
                    assertThat(client.tools()).hasSize(5);
                }
            }
        }
    }

    @Test
    void leavingIsNoticed() throws Exception {
        CancelSignal signal = new CancelSignal();
        try (McpServer server = server();
                Container container = Container.start(Container.Kind.JETTY, Map.of("/mcp", http(server)));
                McpClient client = McpClient.http(URI.create("http://127.0.0.1:" + container.port() + "/mcp"))
                        .connect()) {
            Thread.startVirtualThread(() -> {
                try {
                    waiting.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                signal.cancel();
            });
            assertThatThrownBy(() -> client.callTool("wait", Map.of(), CallOptions.DEFAULT.cancelledBy(signal)))
                    .isInstanceOf(CallCancelledException.class);
            // The container sees it when it next writes: at a heartbeat, once the reply has become a stream.
            assertThat(interrupted.await(40, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static StreamableHttp http(McpServer server) {
        HttpOptions quick = HttpOptions.builder()
                .silence(Duration.ofMillis(100))
                .heartbeat(Duration.ofMillis(200))
                .build();
        return StreamableHttp.of(server::handle, quick);
    }

    private static String text(McpClient client, String tool, Object arguments) {
        return ((TextContent) client.callTool(tool, arguments).content().getFirst()).text();
    }
}
