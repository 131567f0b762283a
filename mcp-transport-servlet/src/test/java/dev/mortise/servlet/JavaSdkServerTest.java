package dev.mortise.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpClientBuilder;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.client.ServerChange;
import dev.mortise.mcp.client.ServerCommand;
import dev.mortise.mcp.client.Subscription;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CreateMessageResult;
import dev.mortise.mcp.schema.ElicitAction;
import dev.mortise.mcp.schema.ElicitResult;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.PromptDefinition;
import dev.mortise.mcp.schema.Root;
import dev.mortise.mcp.schema.SubscriptionFilter;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.schema.TextResourceContents;
import dev.mortise.mcp.schema.ToolDefinition;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client of this library against a server of the official Java SDK, which speaks 2025-11-25 at best. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JavaSdkServerTest {
    /** The transports of both. */
    enum Way {
        HTTP,
        STDIO
    }

    record Add(int a, int b) {}

    record Sum(int sum) {}

    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

    private interface Script {
        void run(McpClient client) throws Exception;
    }

    private void with(Way way, Script script) throws Exception {
        switch (way) {
            case HTTP -> {
                try (JavaSdkServer server = JavaSdkServer.overHttp();
                        McpClient client =
                                connect(McpClient.http(URI.create("http://127.0.0.1:" + server.port() + "/mcp")))) {
                    script.run(client);
                }
            }
            case STDIO -> {
                String java =
                        Path.of(System.getProperty("java.home"), "bin", "java").toString();
                try (McpClient client = connect(McpClient.to(ServerCommand.of(
                                java,
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                JavaSdkServer.class.getName())
                        .onStderr(line -> {})))) {
                    script.run(client);
                }
            }
        }
    }

    private McpClient connect(McpClientBuilder builder) {
        return builder.timeout(Duration.ofSeconds(30))
                .probeTimeout(Duration.ofSeconds(30))
                .onElicitation(form -> ElicitResult.accept(Json.object().put("name", "Ann")))
                .onUrlElicitation(page -> {
                    heard.add(page.url());
                    return ElicitAction.ACCEPT;
                })
                .onSampling(request -> CreateMessageResult.of("our-model", TextContent.of("Hi")))
                .roots(Root.of("file:///work"))
                .onLog(LoggingLevel.INFO, message -> heard.add(message.data().stringValue()))
                .connect();
    }

    private static String text(McpClient client, String tool) {
        return ((TextContent) client.callTool(tool, Map.of()).content().getFirst()).text();
    }

    @ParameterizedTest
    @EnumSource
    void isListedCalledAndRead(Way way) throws Exception {
        with(way, client -> {
            assertThat(client.server().version().wire()).isEqualTo("2025-11-25");
            assertThat(client.server().name()).isEqualTo("sdk");
            assertThat(client.tools().map(ToolDefinition::name))
                    .containsExactlyInAnyOrder("add", "change", "model", "name", "page", "roots");
            BlockingQueue<Object> progress = new LinkedBlockingQueue<>();
            Sum sum = client.callTool("add", new Add(1, 2), Sum.class, CallOptions.DEFAULT.onProgress(progress::add));
            assertThat(sum).isEqualTo(new Sum(3));
            assertThat(progress.poll(20, TimeUnit.SECONDS)).isNotNull();
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("adding");
            assertThat(((TextResourceContents)
                                    client.readResource("docs:///a").contents().getFirst())
                            .text())
                    .isEqualTo("A");
            assertThat(client.prompts().map(PromptDefinition::name)).containsExactly("greet");
            assertThat(client.getPrompt("greet", Map.of()).messages()).hasSize(1);
            assertThatThrownBy(() -> client.readResource("docs:///none")).isInstanceOf(RpcException.class);
            assertThatThrownBy(() -> client.callTool("none", Map.of())).isInstanceOf(McpException.class);
            client.ping();
        });
    }

    @ParameterizedTest
    @EnumSource
    void asks(Way way) throws Exception {
        with(way, client -> {
            assertThat(text(client, "name")).isEqualTo("Ann");
            assertThat(text(client, "model")).isEqualTo("our-model");
            assertThat(text(client, "roots")).isEqualTo("file:///work");
        });
    }

    @ParameterizedTest
    @EnumSource
    void hasAPageVisitedFirst(Way way) throws Exception {
        with(way, client -> {
            // Its word that the visit is over does not come, so that the wait for it ends by the limit.
            CallOptions soon = CallOptions.DEFAULT.timeout(Duration.ofSeconds(3));
            assertThat(((TextContent) client.callTool("page", Map.of(), soon)
                                    .content()
                                    .getFirst())
                            .text())
                    .isEqualTo("connected");
            assertThat(heard).contains("https://example.com/connect");
        });
    }

    @ParameterizedTest
    @EnumSource
    void tellsOfChanges(Way way) throws Exception {
        with(way, client -> {
            BlockingQueue<ServerChange> changes = new LinkedBlockingQueue<>();
            try (Subscription subscription = client.listen(
                    SubscriptionFilter.builder().toolsListChanged(true).build(), changes::add)) {
                assertThat(text(client, "change")).isEqualTo("changed");
                assertThat(changes.poll(20, TimeUnit.SECONDS)).isInstanceOf(ServerChange.Tools.class);
                assertThat(subscription.isLive()).isTrue();
            }
        });
    }
}
