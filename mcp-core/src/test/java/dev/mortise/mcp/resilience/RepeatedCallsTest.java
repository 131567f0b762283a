package dev.mortise.mcp.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.transport.Received;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may run more than once for one call, and what may not. */
@Timeout(60)
class RepeatedCallsTest extends ProtectedServer {
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
    void progressBelongsToTheCallAndAHedgeIsMute() {
        CountDownLatch hedged = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        TestClient client = client(
                Protection.builder().hedge(Hedge.after(Duration.ofMillis(20))), readOnly("search", (in, call) -> {
                    if (runs.incrementAndGet() > 1) {
                        call.progress(2, null, "the hedge");
                        hedged.countDown();
                        return "hedge";
                    }
                    call.progress(1, null, "the first");
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        call.progress(3, null, "too late");
                    }
                    return "first";
                }));
        passAfterOneWaits(Duration.ofMillis(20), begun);

        Received received = client.send("tools/call", "{'name':'search','arguments':{}}", "{'progressToken':'p'}");

        assertThat(received.result().at("/content/0/text").stringValue()).isEqualTo("hedge");
        assertThat(received.notifications())
                .extracting(
                        notification -> notification.params().path("message").stringValue())
                .containsExactly("the first");
    }

    @Test
    void aProtectionOnWhichNothingActsIsAMistake() {
        Tool declared = tool("slow")
                .with(
                        Protection.ATTRIBUTE,
                        Protection.builder().timeout(Duration.ofSeconds(1)).build())
                .handle((in, call) -> "done");
        McpServerBuilder builder = McpServer.builder("test", "1").tool(declared);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("slow declares a Protection")
                .hasMessageContaining("Resilience");
        builder.plugin(resilience().build()).build().close();
    }
}
