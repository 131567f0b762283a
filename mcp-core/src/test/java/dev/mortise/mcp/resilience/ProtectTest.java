package dev.mortise.mcp.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.server.ToolHandler;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.Received;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Time-outs, deadlines, clients that go away, and breakers, as a client sees them. */
@Timeout(60)
class ProtectTest extends ProtectedServer {
    @Test
    void aCallThatTakesTooLongIsRefusedAndItsHandlerIsInterruptedAndTold() {
        AtomicReference<String> noted = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        TestClient client = client(
                Protection.builder().timeout(Duration.ofSeconds(2)),
                tool("slow").handle((in, call) -> {
                    begun.countDown();
                    return untilInterrupted(call, noted);
                }));
        passAfterOneWaits(Duration.ofSeconds(2), begun);

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

    /** Neither the interrupt nor the cancellation is heeded; the client has its answer all the same. */
    @Test
    void aHandlerThatIgnoresItsInterruptDoesNotHoldTheAnswer() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Resilience resilience = resilience()
                .tools(
                        "*",
                        Protection.builder()
                                .timeout(Duration.ofSeconds(2))
                                .bulkhead(Bulkhead.of(1))
                                .build())
                .build();
        TestClient client = TestClient.of(server(resilience, tool("stubborn").handle((in, call) -> {
                    begun.countDown();
                    while (release.getCount() > 0) {
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            // As a driver would that knows better.
                        }
                    }
                    return "at last";
                }))
                .build());
        passAfterOneWaits(Duration.ofSeconds(2), begun);

        assertThat(client.call("stubborn", "{}").error().code()).isEqualTo(504);

        assertThat(resilience.statuses().get(0).abandoned()).isEqualTo(1);
        assertThat(resilience.statuses().get(0).running())
                .as("its place is free")
                .isZero();
        release.countDown();
        Eventually.holds(() -> resilience.statuses().get(0).abandoned() == 0);
        assertThat(client.text("stubborn", "{}")).isEqualTo("at last");
    }
}
