package dev.mortise.mcp.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many calls run at once, and what becomes of the others. */
@Timeout(60)
class LimitedCallsTest extends ProtectedServer {
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

    @Test
    void whatPoliciesDoIsInTheMetrics() {
        Figures figures = new Figures();
        Resilience resilience = resilience()
                .tools(
                        "*",
                        Protection.builder()
                                .timeout(Duration.ofSeconds(1))
                                .breaker(Breaker.after(1, 1))
                                .bulkhead(Bulkhead.of(3))
                                .fallback(Fallback.value("yesterday's"))
                                .build())
                .overload(Overload.adaptive())
                .listener(EventMetrics.to(figures))
                .build()
                .reportTo(figures);
        TestClient client = TestClient.of(server(
                        resilience, tool("slow").handle((in, call) -> untilInterrupted(call, new AtomicReference<>())))
                .build());
        passAfterOneWaits(Duration.ofSeconds(1));
        assertThat(client.text("slow", "{}")).isEqualTo("yesterday's");
        client.text("slow", "{}");

        assertThat(figures.read())
                .containsEntry("circuit.breaker.state{name=slow}", 1.0)
                .containsEntry("bulkhead.active{name=slow}", 0.0)
                .containsEntry("bulkhead.limit{name=slow}", 3.0)
                .containsEntry("queue.size{name=slow}", 0.0)
                .containsEntry("policy.events{event=timeout, name=slow}", 1.0)
                .containsEntry("policy.events{event=fallback, name=slow}", 2.0)
                .containsEntry("policy.events{event=retry, name=slow}", 0.0)
                .containsEntry("bulkhead.active{name=*}", 0.0)
                .containsEntry("bulkhead.limit{name=*}", 20.0)
                .containsEntry("mcp.server.shed.calls{}", 0.0)
                .containsEntry("service.events{event=breaker_opened, name=slow}", 1.0);
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
}
