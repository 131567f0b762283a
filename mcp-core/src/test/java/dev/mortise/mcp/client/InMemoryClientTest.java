package dev.mortise.mcp.client;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static dev.mortise.mcp.server.ToolOutcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpClientBuilder;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.json.DefaultValue;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CreateMessageRequestParams;
import dev.mortise.mcp.schema.CreateMessageResult;
import dev.mortise.mcp.schema.ElicitResult;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.PromptReference;
import dev.mortise.mcp.schema.Root;
import dev.mortise.mcp.schema.SamplingMessage;
import dev.mortise.mcp.schema.SubscriptionFilter;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.schema.TextResourceContents;
import dev.mortise.mcp.schema.ToolDefinition;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client can do, against the server of this library, in one process. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InMemoryClientTest {
    public record Add(int a, int b) {}

    public record Sum(int sum) {}

    public record Nothing() {}

    public record Person(String name, @DefaultValue("3") int age) {}

    private static final Question<Person> WHO = Question.form("who", Person.class, "Who are you?");
    private static final Question<CreateMessageResult> MODEL = Question.sampling(
            "model",
            CreateMessageRequestParams.builder(List.of(SamplingMessage.user("Hello?")), 10)
                    .build());

    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T12:00:00Z"));
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final McpServer server = server();

    private McpServer server() {
        return McpServer.builder("demo", "1.0")
                .instructions("Be kind")
                .pageSize(2)
                .readTtl(Duration.ofMinutes(5))
                .tool(Tool.named("add")
                        .description("Adds two numbers")
                        .input(Add.class)
                        .output(Sum.class)
                        .handle((in, call) -> new Sum(in.a() + in.b())))
                .tool(Tool.of("fail", "Fails", Nothing.class, in -> ToolOutcome.failed("That went wrong")))
                .tool(Tool.named("greet")
                        .description("Greets")
                        .input(Nothing.class)
                        .handle((in, call) -> switch (call.answer(WHO)) {
                            case Answer.Accepted<Person> ok ->
                                done(ok.value().name() + ok.value().age());
                            case Answer.Declined<Person> no -> done("declined");
                            case Answer.Cancelled<Person> no -> done("cancelled");
                            case Answer.Missing<Person> none -> ask(WHO);
                        }))
                .tool(Tool.named("think")
                        .description("Asks the model")
                        .input(Nothing.class)
                        .handle((in, call) -> switch (call.answer(MODEL)) {
                            case Answer.Accepted<CreateMessageResult> ok ->
                                done(ok.value().model());
                            case Answer.Declined<CreateMessageResult> no -> done("declined");
                            case Answer.Cancelled<CreateMessageResult> no -> done("cancelled");
                            case Answer.Missing<CreateMessageResult> none -> ask(MODEL);
                        }))
                .tool(Tool.named("progress")
                        .description("Reports")
                        .input(Nothing.class)
                        .handle((in, call) -> {
                            call.progress(1, 2);
                            call.progress(2, 2);
                            call.log(LoggingLevel.WARNING, "test", "careful");
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
                .resource(Resource.at("docs:///a", "a")
                        .read(call -> ResourceOutcome.found(call.text("read " + reads.incrementAndGet()))))
                .prompt(Prompt.named("outline")
                        .argument("document", "Which one")
                        .complete("document", typed -> List.of(typed.value() + "-one"))
                        .handle(call -> PromptOutcome.text(
                                "Outline " + call.argument("document").orElseThrow())))
                .build();
    }

    private McpClientBuilder client() {
        return McpClient.inMemory(server).clientInfo("test", "1").clock(clock);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void usesWhatAServerOffers() {
        try (McpClient client = client().connect()) {
            assertThat(client.server().version()).isEqualTo(ProtocolVersion.V2026_07_28);
            assertThat(client.server().name()).isEqualTo("demo");
            assertThat(client.server().instructions()).hasValue("Be kind");
            assertThat(client.tools().map(ToolDefinition::name))
                    .containsExactly("add", "fail", "greet", "progress", "think", "wait");
            assertThat(client.callTool("add", Map.of("a", 1, "b", 2)).structuredContent())
                    .isEqualTo(Json.parse("{\"sum\":3}"));
            assertThat(client.callTool("add", new Add(20, 22), Sum.class)).isEqualTo(new Sum(42));
            assertThat(client.callTool("fail", Map.of()).isError()).isTrue();
            assertThatThrownBy(() -> client.callTool("fail", Map.of(), Sum.class))
                    .isInstanceOf(ToolFailedException.class)
                    .hasMessageContaining("That went wrong");
            assertThat(client.readResource("docs:///a").contents())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            TextResourceContents.class,
                            text -> assertThat(text.text()).isEqualTo("read 1"));
            assertThat(client.getPrompt("outline", Map.of("document", "x")).messages())
                    .hasSize(1);
            assertThat(client.complete(PromptReference.of("outline"), "document", "x")
                            .values())
                    .containsExactly("x-one");
            client.ping();
        }
    }

    @Test
    void namesWhatTheServerRefuses() {
        try (McpClient client = client().connect()) {
            assertThatThrownBy(() -> client.callTool("nope", Map.of()))
                    .isInstanceOfSatisfying(
                            RpcException.class, e -> assertThat(e.code()).isEqualTo(-32602));
            assertThatThrownBy(() -> client.request("no/such", null))
                    .isInstanceOfSatisfying(
                            RpcException.class, e -> assertThat(e.code()).isEqualTo(-32601));
            assertThatThrownBy(() -> client.callTool("greet", Map.of()))
                    .isInstanceOfSatisfying(
                            RpcException.class, e -> assertThat(e.code()).isEqualTo(-32021));
            assertThatThrownBy(() -> client.callTool("add", 5)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void answersQuestionsWithItsHandlers() {
        try (McpClient client = client().onElicitation(
                        form -> ElicitResult.accept(Json.object().put("name", "Ann")))
                .onSampling(request -> CreateMessageResult.of("m-1", TextContent.of("Hi")))
                .roots(Root.of("file:///tmp"))
                .connect()) {
            assertThat(text(client, "greet")).isEqualTo("Ann3");
            assertThat(text(client, "think")).isEqualTo("m-1");
        }
        try (McpClient client =
                client().onElicitation(form -> ElicitResult.decline()).connect()) {
            assertThat(text(client, "greet")).isEqualTo("declined");
        }
    }

    @Test
    void sendsNoAnswerThatDoesNotFit() {
        try (McpClient client = client().onElicitation(
                        form -> ElicitResult.accept(Json.object().put("name", 5)))
                .connect()) {
            assertThatThrownBy(() -> client.callTool("greet", Map.of()))
                    .isInstanceOf(HandlerFailedException.class)
                    .hasMessageContaining("/name must be string");
        }
        try (McpClient client = client().onElicitation(form -> {
                    throw new IllegalStateException("no screen");
                })
                .connect()) {
            assertThatThrownBy(() -> client.callTool("greet", Map.of()))
                    .isInstanceOf(HandlerFailedException.class)
                    .hasRootCauseMessage("no screen");
        }
    }

    @Test
    void tellsOfProgressAndLogMessagesBeforeTheResult() throws Exception {
        List<Double> progress = new CopyOnWriteArrayList<>();
        BlockingQueue<String> log = new LinkedBlockingQueue<>();
        try (McpClient client = client().onLog(
                        LoggingLevel.INFO, message -> log.add(message.data().stringValue()))
                .connect()) {
            client.callTool("progress", Map.of(), CallOptions.DEFAULT.onProgress(step -> {
                progress.add(step.progress());
                // A listener may use the client.
                client.ping();
            }));
            assertThat(progress).containsExactly(1.0, 2.0);
            assertThat(log.poll(10, TimeUnit.SECONDS)).isEqualTo("careful");
        }
    }

    @Test
    void givesUpWhenItIsTold() throws Exception {
        CancelSignal signal = new CancelSignal();
        try (McpClient client = client().connect()) {
            Thread canceller = Thread.startVirtualThread(() -> {
                awaitUninterruptibly(waiting);
                signal.cancel();
            });
            assertThatThrownBy(() -> client.callTool("wait", Map.of(), CallOptions.DEFAULT.cancelledBy(signal)))
                    .isInstanceOf(CallCancelledException.class);
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
            canceller.join();
            assertThatThrownBy(() -> client.callTool("wait", Map.of(), CallOptions.DEFAULT.cancelledBy(signal)))
                    .isInstanceOf(CallCancelledException.class);
        }
    }

    @Test
    void givesUpWhenItsThreadIsInterrupted() throws Exception {
        try (McpClient client = client().connect()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread caller = Thread.startVirtualThread(() -> {
                try {
                    client.callTool("wait", Map.of());
                } catch (McpException e) {
                    thrown.set(e);
                }
            });
            assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
            caller.interrupt();
            caller.join();
            assertThat(thrown.get()).isInstanceOf(CallCancelledException.class);
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void givesUpWhenTheTimeIsOver() throws Exception {
        try (McpClient client = client().connect()) {
            assertThatThrownBy(
                            () -> client.callTool("wait", Map.of(), CallOptions.DEFAULT.timeout(Duration.ofMillis(50))))
                    .isInstanceOfSatisfying(
                            CallTimeoutException.class,
                            e -> assertThat(e.limit()).isEqualTo(Duration.ofMillis(50)));
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closingEndsWhatIsUnderWay() throws Exception {
        McpClient client = client().connect();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.startVirtualThread(() -> {
            try {
                client.callTool("wait", Map.of());
            } catch (McpException e) {
                thrown.set(e);
            }
        });
        assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
        client.close();
        caller.join();
        assertThat(thrown.get()).isInstanceOf(TransportException.class);
        assertThatThrownBy(client::ping).isInstanceOf(TransportException.class).hasMessageContaining("closed");
    }

    @Test
    void keepsWhatItMayUntilItIsStaleOrSpoilt() throws Exception {
        try (McpClient client = client().connect()) {
            assertThat(read(client)).isEqualTo("read 1");
            assertThat(read(client)).isEqualTo("read 1");
            now.set(now.get().plus(Duration.ofMinutes(5)));
            assertThat(read(client)).isEqualTo("read 2");

            BlockingQueue<ServerChange> changes = new LinkedBlockingQueue<>();
            SubscriptionFilter filter = SubscriptionFilter.builder()
                    .toolsListChanged(true)
                    .resourceSubscriptions(List.of("docs:///a"))
                    .build();
            try (Subscription subscription = client.listen(filter, changes::add)) {
                assertThat(subscription.honoured()).isEqualTo(filter);
                assertThat(subscription.isLive()).isTrue();
                server.events().resourceUpdated("docs:///a");
                assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Resource("docs:///a"));
                assertThat(read(client)).isEqualTo("read 3");

                assertThat(client.tools()).hasSize(6);
                server.tools().add(Tool.of("zoo", "New", Nothing.class, in -> "zoo"));
                assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Tools());
                assertThat(client.tools()).hasSize(7);
            }
        }
    }

    @Test
    void putsIntoEachRequestWhatTheCallerWantsThere() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        McpServer traced = McpServer.builder("traced", "1")
                .tool(Tool.named("look")
                        .description("Looks")
                        .input(Nothing.class)
                        .handle((in, call) -> {
                            seen.set(call.context().traceparent().orElse("none"));
                            return "ok";
                        }))
                .build();
        String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        try (McpClient client = McpClient.inMemory(traced)
                .meta(() -> Meta.of("traceparent", parent))
                .connect()) {
            client.callTool("look", Map.of());
            assertThat(seen.get()).isEqualTo(parent);
        }
    }

    private static String read(McpClient client) {
        return ((TextResourceContents)
                        client.readResource("docs:///a").contents().getFirst())
                .text();
    }

    private static String text(McpClient client, String tool) {
        return ((TextContent) client.callTool(tool, Map.of()).content().getFirst()).text();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
