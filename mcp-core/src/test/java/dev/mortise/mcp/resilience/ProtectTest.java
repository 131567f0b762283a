package dev.mortise.mcp.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.server.ToolHandler;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.Received;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProtectTest {
    record Nothing() {}

    record Yes(boolean yes) {}

    private static final Retry AT_ONCE = new Retry(3, new Backoff(Duration.ofNanos(1), Duration.ofNanos(1), 1, 0));

    private final ManualTicker time = new ManualTicker();
    private final Seen seen = new Seen();

    private static Tool.Builder<Nothing> tool(String name) {
        return Tool.named(name).input(Nothing.class);
    }

    private static Tool readOnly(String name, ToolHandler<Nothing> handler) {
        return tool(name)
                .annotations(ToolAnnotations.builder().readOnly(true).build())
                .handle(handler);
    }

    private Resilience.Builder resilience() {
        return Resilience.builder().ticker(time).listener(seen);
    }

    private static McpServerBuilder server(Resilience resilience, Tool... tools) {
        McpServerBuilder builder = McpServer.builder("test", "1").plugin(resilience);
        List.of(tools).forEach(builder::tool);
        return builder;
    }

    private TestClient client(Protection.Builder protection, Tool... tools) {
        return TestClient.of(server(resilience().tools("*", protection.build()).build(), tools)
                .build());
    }

    private void passAfterOneWaits(Duration duration) {
        Thread.startVirtualThread(() -> {
            time.awaitWaiting(1);
            time.pass(duration);
        });
    }

    private static Object untilInterrupted(ToolCall call, AtomicReference<String> noted) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            noted.set("interrupted, cancelled " + call.cancellation().isCancelled());
        }
        return "too late";
    }

    @Test
    void aCallThatTakesTooLongIsRefusedAndItsHandlerIsInterruptedAndTold() {
        AtomicReference<String> noted = new AtomicReference<>();
        TestClient client = client(
                Protection.builder().timeout(Duration.ofSeconds(2)),
                tool("slow").handle((in, call) -> untilInterrupted(call, noted)));
        passAfterOneWaits(Duration.ofSeconds(2));

        Received received = client.call("slow", "{}");

        assertThat(received.reply().status()).isEqualTo(504);
        assertThat(received.error().code()).isEqualTo(504);
        assertThat(received.error().message()).isEqualTo("Timed out after 2000 ms");
        Eventually.holds(() -> noted.get() != null);
        assertThat(noted).hasValue("interrupted, cancelled true");
    }

    @Test
    void theSmallerOfWhatTheClientAndTheToolSayCountsAndTheHandlerKnowsIt() {
        List<Duration> left = new CopyOnWriteArrayList<>();
        TestClient client = client(
                Protection.builder().timeout(Duration.ofSeconds(2)), tool("ask").handle((in, call) -> {
                    Deadline deadline = Deadline.of(call).orElseThrow();
                    left.add(deadline.left());
                    return deadline.isOver();
                }));
        String params = "{'name':'ask','arguments':{}}";

        client.send("tools/call", params);
        client.send("tools/call", params, "{'dev.mortise/timeoutMs':500}");
        client.send("tools/call", params, "{'dev.mortise/timeoutMs':60000}");
        assertThat(left).containsExactly(Duration.ofSeconds(2), Duration.ofMillis(500), Duration.ofSeconds(2));

        for (String bad : List.of("0", "-1", "'soon'", "1.5", "86400001", "null")) {
            Received refused = client.send("tools/call", params, "{'dev.mortise/timeoutMs':" + bad + "}");
            assertThat(refused.error().code()).as(bad).isEqualTo(-32602);
        }
    }

    @Test
    void aClientsDeadlineHoldsWithoutAnyPolicyAndOpensNoBreakerForOthers() {
        AtomicBoolean slow = new AtomicBoolean(true);
        TestClient client = client(
                Protection.builder().breaker(Breaker.after(1, 1)), tool("work").handle((in, call) -> {
                    if (slow.get()) {
                        new CountDownLatch(1).await();
                    }
                    return "done";
                }));
        for (int i = 0; i < 3; i++) {
            passAfterOneWaits(Duration.ofMillis(10));
            Received hasty =
                    client.send("tools/call", "{'name':'work','arguments':{}}", "{'dev.mortise/timeoutMs':10}");
            assertThat(hasty.error().code()).isEqualTo(504);
        }
        slow.set(false);
        assertThat(client.text("work", "{}")).isEqualTo("done");
    }

    @Test
    void idempotentToolsAreTriedAgainAndSettledOnce() {
        AtomicInteger tries = new AtomicInteger();
        List<Settlement.Ending> endings = new CopyOnWriteArrayList<>();
        Settlement charge = new Settlement() {
            @Override
            public String name() {
                return "charge";
            }

            @Override
            public String suspend(String token) {
                return token;
            }

            @Override
            public void settle(String token, Ending ending) {
                endings.add(ending);
            }
        };
        McpServer server = server(
                        Resilience.builder()
                                .tools("*", Protection.builder().retry(AT_ONCE).build())
                                .build(),
                        readOnly("flaky", (in, call) -> {
                            if (tries.incrementAndGet() < 3) {
                                throw new IOException("reset");
                            }
                            return "third";
                        }))
                .settlement(charge)
                .intercept(Stage.METER, (call, chain) -> {
                    call.attach(charge, "1");
                    return chain.proceed(call);
                })
                .build();

        assertThat(TestClient.of(server).text("flaky", "{}")).isEqualTo("third");
        assertThat(endings).containsExactly(Settlement.Ending.COMPLETED);
    }

    @Test
    void whatATestOfTheBuildFinds() {
        Protection retried = Protection.builder().retry(AT_ONCE).build();
        Tool once = tool("transfer").handle((in, call) -> "done");
        assertThatThrownBy(() -> server(resilience().tools("trans*", retried).build(), once)
                        .build())
                .hasMessageContaining("Tool transfer is to be retried or hedged")
                .hasMessageContaining("idempotent(true)");
        Tool declared = tool("transfer")
                .with(
                        Protection.ATTRIBUTE,
                        Protection.builder()
                                .hedge(Hedge.after(Duration.ofMillis(1)))
                                .build())
                .handle((in, call) -> "done");
        assertThatThrownBy(() -> server(resilience().build(), declared).build()).hasMessageContaining("Tool transfer");
        assertThatThrownBy(() -> resilience()
                        .tools("*", Protection.builder().needs("databse").build())
                        .build())
                .hasMessageContaining("databse");
    }

    /** A tool that is registered later is not inspected; it must not run twice all the same. */
    @Test
    void aToolThatComesLaterAndDoesNotSayThatItMayRunTwiceRunsOnce() {
        AtomicInteger tries = new AtomicInteger();
        McpServer server = server(resilience()
                        .tools("*", Protection.builder().retry(AT_ONCE).build())
                        .build())
                .tools(McpServerBuilder.none())
                .build();
        server.tools().add(tool("late").handle((in, call) -> {
            tries.incrementAndGet();
            throw new IOException("reset");
        }));
        assertThat(TestClient.of(server)
                        .call("late", "{}")
                        .result()
                        .path("isError")
                        .booleanValue())
                .isTrue();
        assertThat(tries).hasValue(1);
    }

    @Test
    void theBreakerOpensForFailuresOnlyAndEachToolHasItsOwn() {
        AtomicReference<ToolHandler<Nothing>> body = new AtomicReference<>();
        TestClient client = client(
                Protection.builder().breaker(Breaker.after(2, 4)),
                tool("one").handle((in, call) -> body.get().handle(in, call)),
                tool("two").handle((in, call) -> "fine"));

        for (int i = 0; i < 10; i++) {
            body.set((in, call) -> ToolOutcome.failed("There is no such city"));
            client.call("one", "{}");
            body.set((in, call) -> ToolOutcome.refused(Refusal.InvalidParams.of("no")));
            client.call("one", "{}");
            client.call("one", "{'unknown':1}");
        }
        assertThat(seen.events).isEmpty();

        body.set((in, call) -> {
            throw new IOException("reset");
        });
        client.call("one", "{}");
        client.call("one", "{}");
        assertThat(seen.events)
                .containsExactly(new ServiceEvent.BreakerChanged("one", Breaker.State.CLOSED, Breaker.State.OPEN));
        Received refused = client.call("one", "{}");
        assertThat(refused.reply().status()).isEqualTo(503);
        assertThat(refused.reply().headers()).containsEntry("Retry-After", "5");
        assertThat(client.text("two", "{}")).isEqualTo("fine");

        body.set((in, call) -> "well again");
        time.pass(Duration.ofSeconds(5));
        assertThat(client.text("one", "{}")).isEqualTo("well again");
    }

    @Test
    void aQuestionPassesUntouchedAndIsNoFailureAndIsNotRepeated() {
        Question<Yes> sure = Question.consent("sure", Yes.class, "Sure?");
        AtomicInteger runs = new AtomicInteger();
        TestClient client = client(
                Protection.builder()
                        .timeout(Duration.ofSeconds(1))
                        .retry(AT_ONCE)
                        .breaker(Breaker.after(1, 1))
                        .hedge(Hedge.after(Duration.ofMillis(500))),
                readOnly("delete", (in, call) -> {
                    runs.incrementAndGet();
                    return call.answer(sure) instanceof Answer.Accepted<Yes> ok
                                    && ok.value().yes()
                            ? "deleted"
                            : ToolOutcome.ask(sure);
                }));

        String state = client.call("delete", "{}").result().path("requestState").stringValue();
        Received done = client.send(
                "tools/call",
                "{'name':'delete','arguments':{},'requestState':'" + state
                        + "','inputResponses':{'sure':{'action':'accept','content':{'yes':true}}}}");

        assertThat(done.result().at("/content/0/text").stringValue()).isEqualTo("deleted");
        assertThat(runs).hasValue(2);
    }

    @Test
    void fallsBackWhereTheToolFailsIsLateOrItsBreakerIsOpen() {
        TestClient client = client(
                Protection.builder()
                        .timeout(Duration.ofSeconds(1))
                        .breaker(Breaker.after(2, 2))
                        .fallback(call ->
                                "yesterday's " + call.params().path("name").stringValue()),
                tool("broken").handle((in, call) -> {
                    throw new IOException("reset");
                }),
                tool("slow").handle((in, call) -> {
                    new CountDownLatch(1).await();
                    return "";
                }));
        for (int i = 0; i < 4; i++) {
            assertThat(client.text("broken", "{}")).isEqualTo("yesterday's broken");
        }
        assertThat(seen.events).hasSize(1);
        passAfterOneWaits(Duration.ofSeconds(1));
        assertThat(client.text("slow", "{}")).isEqualTo("yesterday's slow");
    }

    record Hits(List<String> names) {}

    @Test
    void aTextFromTheFallbackOfAToolWithAnOutputSchemaIsNoResultOfIt() {
        TestClient client = client(
                Protection.builder().fallback(Fallback.value("Search rests")),
                Tool.named("search").input(Nothing.class).output(Hits.class).handle((in, call) -> {
                    throw new IOException("reset");
                }));
        var result = client.call("search", "{}").result();
        assertThat(result.path("isError").booleanValue()).isTrue();
        assertThat(result.at("/content/0/text").stringValue()).isEqualTo("Search rests");
        assertThat(result.has("structuredContent")).isFalse();
    }

    @Test
    void progressBelongsToTheCallAndAHedgeIsMute() {
        CountDownLatch hedged = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        TestClient client = client(
                Protection.builder().hedge(Hedge.after(Duration.ofMillis(20))), readOnly("search", (in, call) -> {
                    if (runs.incrementAndGet() > 1) {
                        call.progress(2, null, "the hedge");
                        hedged.countDown();
                        return "hedge";
                    }
                    call.progress(1, null, "the first");
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        call.progress(3, null, "too late");
                    }
                    return "first";
                }));
        passAfterOneWaits(Duration.ofMillis(20));

        Received received = client.send("tools/call", "{'name':'search','arguments':{}}", "{'progressToken':'p'}");

        assertThat(received.result().at("/content/0/text").stringValue()).isEqualTo("hedge");
        assertThat(received.notifications())
                .extracting(
                        notification -> notification.params().path("message").stringValue())
                .containsExactly("the first");
    }

    @Test
    void aClientThatGoesAwayEndsTheWorkWhateverPoliciesThereAre() {
        AtomicReference<String> noted = new AtomicReference<>();
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch began = new CountDownLatch(1);
        Resilience resilience = resilience()
                .tools(
                        "*",
                        Protection.builder()
                                .timeout(Duration.ofMinutes(1))
                                .retry(AT_ONCE)
                                .breaker(Breaker.after(1, 1))
                                .bulkhead(Bulkhead.of(1))
                                .build())
                .build();
        TestClient client = TestClient.of(server(resilience, readOnly("work", (in, call) -> {
                    if (runs.incrementAndGet() == 1) {
                        began.countDown();
                        return untilInterrupted(call, noted);
                    }
                    return "next";
                }))
                .build());
        Conversation conversation = client.open("tools/call", "{'name':'work','arguments':{}}");
        Eventually.holds(() -> began.getCount() == 0);

        conversation.cancel();

        Eventually.holds(() -> noted.get() != null);
        Eventually.holds(() -> resilience.statuses().get(0).running() == 0);
        assertThat(client.text("work", "{}")).isEqualTo("next");
        assertThat(runs).hasValue(2);
    }

    @Test
    void theBulkheadRefusesBeyondItsPlaces() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch began = new CountDownLatch(1);
        TestClient client = client(
                Protection.builder().bulkhead(Bulkhead.of(1)), tool("work").handle((in, call) -> {
                    began.countDown();
                    release.await();
                    return "done";
                }));
        Conversation first = client.open("tools/call", "{'name':'work','arguments':{}}");
        Eventually.holds(() -> began.getCount() == 0);

        Received second = client.call("work", "{}");
        assertThat(second.reply().status()).isEqualTo(503);
        assertThat(second.reply().headers()).containsKey("Retry-After");
        release.countDown();
        assertThat(first.end().result().at("/content/0/text").stringValue()).isEqualTo("done");
    }

    @Test
    void anOverloadedServerShedsEarlyAndSaysWhenToComeBack() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        Resilience resilience =
                resilience().overload(Overload.adaptive().between(2, 2)).build();
        TestClient client = TestClient.of(server(resilience, tool("work").handle((in, call) -> {
                    running.incrementAndGet();
                    release.await();
                    return "done";
                }))
                .build());
        List<Conversation> admitted = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            admitted.add(client.open("tools/call", "{'name':'work','arguments':{}}"));
            int now = i;
            Eventually.holds(() -> running.get() == now);
        }
        Received shed = client.call("work", "{}");
        assertThat(shed.reply().status()).isEqualTo(503);
        assertThat(Integer.parseInt(shed.reply().headers().get("Retry-After"))).isBetween(1, 2);
        assertThat(client.send("tools/list", "{}").reply().status()).isEqualTo(200);
        assertThat(resilience.shed()).isEqualTo(1);
        release.countDown();
        admitted.forEach(Conversation::end);
        Eventually.holds(() -> resilience.inFlight() == 0);
        assertThat(client.text("work", "{}")).isEqualTo("done");
        assertThat(seen.events)
                .contains(new ServiceEvent.Shedding("work", true, 2), new ServiceEvent.Shedding("work", false, 2));
    }

    /** A dependency that hangs must not take the places of calls that do not need it. */
    @Test
    void aToolThatHangsIsShedAndTheOthersAreNot() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        Resilience resilience = resilience()
                .overload(Overload.adaptive().between(2, 10).startingAt(2))
                .build();
        TestClient client = TestClient.of(server(
                        resilience,
                        tool("hangs").handle((in, call) -> {
                            running.incrementAndGet();
                            release.await();
                            return "done";
                        }),
                        tool("works").handle((in, call) -> "fine"))
                .build());
        List<Conversation> hanging = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            hanging.add(client.open("tools/call", "{'name':'hangs','arguments':{}}"));
            int now = i;
            Eventually.holds(() -> running.get() == now);
        }
        assertThat(client.call("hangs", "{}").reply().status()).isEqualTo(503);
        assertThat(client.text("works", "{}")).isEqualTo("fine");
        assertThat(resilience.limit()).as("of both").isEqualTo(4);
        assertThat(resilience.inFlight()).isEqualTo(2);
        release.countDown();
        hanging.forEach(Conversation::end);
    }

    /** Many tools that hang are bounded all the same. */
    @Test
    void allToolsTogetherHaveABoundToo() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        Resilience resilience = resilience()
                .overload(Overload.adaptive().between(2, 3).startingAt(2))
                .build();
        Tool[] tools = new Tool[3];
        for (int i = 0; i < tools.length; i++) {
            tools[i] = tool("work" + i).handle((in, call) -> {
                running.incrementAndGet();
                release.await();
                return "done";
            });
        }
        TestClient client = TestClient.of(server(resilience, tools).build());
        List<Conversation> admitted = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            admitted.add(client.open("tools/call", "{'name':'work" + i + "','arguments':{}}"));
            int now = i + 1;
            Eventually.holds(() -> running.get() == now);
        }
        assertThat(client.call("work0", "{}").reply().status()).isEqualTo(503);
        release.countDown();
        admitted.forEach(Conversation::end);
        Eventually.holds(() -> resilience.inFlight() == 0);
        assertThat(client.text("work0", "{}")).isEqualTo("done");
    }

    @Test
    void toolsOfAComponentThatIsDownAreRefusedOrFallBackUntilItJoins() {
        AtomicBoolean up = new AtomicBoolean();
        Startup startup = Startup.builder()
                .ticker(time)
                .retry(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 0))
                .component(Component.named("search-index")
                        .optional()
                        .serves("search_*")
                        .start(() -> {
                            if (!up.get()) {
                                throw new IOException("locked");
                            }
                        })
                        .build())
                .build();
        startup.start();
        Resilience resilience = resilience()
                .startup(startup)
                .tools(
                        "suggest",
                        Protection.builder()
                                .needs("search-index")
                                .fallback(Fallback.value("no suggestions today"))
                                .build())
                .build();
        McpServer server = server(
                        resilience,
                        tool("search_docs").handle((in, call) -> "found"),
                        tool("suggest").handle((in, call) -> "a suggestion"),
                        tool("add").handle((in, call) -> "3"))
                .build();
        TestClient client = TestClient.of(server);

        Received refused = client.call("search_docs", "{}");
        assertThat(refused.reply().status()).isEqualTo(503);
        assertThat(refused.error().message()).isEqualTo("search-index is unavailable");
        assertThat(client.text("suggest", "{}")).isEqualTo("no suggestions today");
        assertThat(client.text("add", "{}")).isEqualTo("3");

        up.set(true);
        time.awaitWaiting(1);
        time.pass(Duration.ofSeconds(1));
        Eventually.holds(() -> startup.isRunning("search-index"));
        assertThat(client.text("search_docs", "{}")).isEqualTo("found");
        assertThat(client.text("suggest", "{}")).isEqualTo("a suggestion");

        server.close();
        assertThat(startup.isRunning("search-index")).isFalse();
    }

    @Test
    void aHandlerThatLetsAGuardsRefusalPassIsRefusedWithTheReason() {
        Guard rates = Guard.of(
                "rates", Protection.builder().breaker(Breaker.after(1, 1)).build(), time);
        TestClient client = TestClient.of(server(
                        resilience().guard(rates).build(),
                        tool("convert")
                                .handle((in, call) -> rates.call(() -> {
                                    throw new IOException("reset");
                                })),
                        tool("guess").handle((in, call) -> {
                            try {
                                return rates.call(() -> "exactly");
                            } catch (Unavailable e) {
                                return "about";
                            }
                        }))
                .build());
        client.call("convert", "{}");
        Received refused = client.call("convert", "{}");
        assertThat(refused.reply().status()).isEqualTo(503);
        assertThat(refused.error().message()).isEqualTo("rates is unavailable");
        assertThat(client.text("guess", "{}")).isEqualTo("about");
    }
}
