package dev.mortise.security.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.resilience.Unavailable;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Received;
import dev.mortise.security.limit.Wire;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients that send a call again get to see. */
@Timeout(60)
class IdempotentCallsTest {
    private static final String KEY = "{'dev.mortise/idempotencyKey':'3f0b'}";

    private final ReplayStore store = new MemoryReplayStore();
    private final AtomicInteger runs = new AtomicInteger();

    private Tool pay() {
        return Tool.named("pay")
                .inputSchema(JsonSchema.parse("{\"type\":\"object\"}"))
                .handle((in, call) -> "receipt " + runs.incrementAndGet());
    }

    private Wire server(ReplayStore calls, Tool... tools) {
        return server(IdempotentCalls.in(calls).patience(Duration.ofMillis(200)), tools);
    }

    private static Wire server(IdempotentCalls.Builder calls, Tool... tools) {
        var builder = McpServer.builder("test", "1")
                .authenticator(origin -> Authenticator.admit(
                        origin instanceof HttpHead head
                                ? Caller.of(head.header("x-user").orElseThrow())
                                : Caller.of("ann")))
                .plugin(calls.build());
        for (Tool tool : tools) {
            builder.tool(tool);
        }
        return Wire.to(builder.build());
    }

    private static String text(Received received) {
        return received.result().at("/content/0/text").stringValue();
    }

    private static String reason(Received received) {
        JsonRpcError error = received.error();
        return java.util.Objects.requireNonNull(error.data()).path("reason").stringValue();
    }

    @Test
    void aRepeatedCallGetsTheFirstResult() {
        Wire wire = server(store, pay());
        Received first = wire.call("pay", "{'a':1,'b':[2.0]}", KEY);
        assertThat(text(first)).isEqualTo("receipt 1");
        assertThat(first.result().at("/_meta").has("dev.mortise/replayed")).isFalse();
        Received second = wire.call("pay", "{'b':[2],'a':1}", KEY);
        assertThat(text(second)).isEqualTo("receipt 1");
        assertThat(second.result().at("/_meta/dev.mortise~1replayed").booleanValue())
                .isTrue();
        assertThat(text(wire.call("pay", "{'a':1}"))).as("without a key").isEqualTo("receipt 2");
    }

    @Test
    void theSameKeyWithOtherArgumentsOrForAnotherToolIsAnError() {
        Wire wire = server(store, pay(), Tool.named("other").handle((in, call) -> "x"));
        wire.call("pay", "{'a':1}", KEY);
        Received other = wire.call("pay", "{'a':2}", KEY);
        assertThat(other.error().code()).isEqualTo(422);
        assertThat(other.reply().status()).isEqualTo(422);
        assertThat(reason(other)).isEqualTo(IdempotentCalls.REUSED);
        assertThat(reason(wire.call("other", "{'a':1}", KEY))).isEqualTo(IdempotentCalls.REUSED);
        assertThat(runs).hasValue(1);
    }

    /** What a tool depends on can break after half of the work: nobody may take that for nothing. */
    @Test
    void aCallWhoseDependencyBrokeInTheMiddleIsNotRepeated() {
        Tool broken = Tool.named("pay").handle((in, call) -> {
            runs.incrementAndGet();
            throw new Unavailable(
                    "The ledger failed", new Refusal.DependencyUnavailable("ledger", Duration.ofSeconds(1)));
        });
        Wire wire = server(store, broken);
        assertThat(wire.call("pay", "{}", KEY).reply().status()).isEqualTo(503);
        assertThat(reason(wire.call("pay", "{}", KEY))).isEqualTo(IdempotentCalls.UNKNOWN);
        assertThat(runs).hasValue(1);
    }

    @Test
    void aCallThatWasRefusedBeforeItBeganIsFirstAgain() {
        AtomicBoolean down = new AtomicBoolean(true);
        Wire wire = Wire.to(McpServer.builder("test", "1")
                .authenticator(origin -> Authenticator.admit(Caller.of("ann")))
                .plugin(IdempotentCalls.in(store).build())
                .intercept(
                        Stage.LIMIT,
                        (call, chain) -> down.getAndSet(false)
                                ? new Outcome.Refused(
                                        new Refusal.DependencyUnavailable("limits", Duration.ofSeconds(1)))
                                : chain.proceed(call))
                .tool(pay())
                .build());
        assertThat(wire.call("pay", "{}", KEY).reply().status()).isEqualTo(503);
        assertThat(text(wire.call("pay", "{}", KEY))).isEqualTo("receipt 1");
    }

    @Test
    void theKeyIsBoundToTheCaller() {
        AtomicReference<Caller> caller = new AtomicReference<>(Caller.of("ann").withTenant("acme"));
        Wire wire = Wire.to(McpServer.builder("test", "1")
                .authenticator(origin -> Authenticator.admit(caller.get()))
                .plugin(IdempotentCalls.in(store).build())
                .tool(pay())
                .build());
        assertThat(text(wire.call("pay", "{}", KEY))).isEqualTo("receipt 1");
        caller.set(Caller.of("ann").withTenant("other"));
        assertThat(text(wire.call("pay", "{}", KEY))).isEqualTo("receipt 2");
    }

    @Test
    void whatIsNoKeyIsRefused() {
        Wire wire = server(store, pay());
        for (String key : new String[] {"''", "5", "null", "'a b'", "'" + "x".repeat(129) + "'", "'\u00e9'"}) {
            assertThat(wire.call("pay", "{}", "{'dev.mortise/idempotencyKey':" + key + "}")
                            .error()
                            .code())
                    .isEqualTo(JsonRpcError.INVALID_PARAMS);
        }
        assertThat(runs).hasValue(0);
    }

    @Test
    void aDuplicateWaitsForTheFirst() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Tool slow = Tool.named("slow").handle((in, call) -> {
            begun.countDown();
            go.await();
            return "receipt " + runs.incrementAndGet();
        });
        Wire impatient = server(store, slow);
        Wire patient = server(IdempotentCalls.in(store).patience(Duration.ofSeconds(20)), slow);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Received> first = threads.submit(() -> patient.call("slow", "{}", KEY));
            begun.await();
            Received turnedAway = impatient.call("slow", "{}", KEY);
            assertThat(turnedAway.reply().status()).isEqualTo(409);
            assertThat(reason(turnedAway)).isEqualTo(IdempotentCalls.IN_USE);
            Future<Received> second = threads.submit(() -> patient.call("slow", "{}", KEY));
            go.countDown();
            assertThat(text(first.get())).isEqualTo("receipt 1");
            assertThat(text(second.get())).isEqualTo("receipt 1");
        }
        assertThat(runs).hasValue(1);
    }

    @Test
    void aRefusalLeavesTheKeyFree() {
        AtomicBoolean closed = new AtomicBoolean(true);
        Tool shop = Tool.named("shop")
                .handle((in, call) -> closed.get()
                        ? ToolOutcome.refused(new Refusal.Overloaded(Duration.ofSeconds(1)))
                        : ToolOutcome.done("receipt " + runs.incrementAndGet()));
        Wire wire = server(store, shop);
        assertThat(wire.call("shop", "{}", KEY).reply().status()).isEqualTo(503);
        closed.set(false);
        assertThat(text(wire.call("shop", "{}", KEY))).isEqualTo("receipt 1");
        assertThat(text(wire.call("shop", "{}", KEY))).isEqualTo("receipt 1");
    }

    @Test
    void aToolErrorIsAResult() {
        Tool broken = Tool.named("broken").handle((in, call) -> {
            throw new IllegalStateException("attempt " + runs.incrementAndGet());
        });
        Wire wire = server(store, broken);
        String first = text(wire.call("broken", "{}", KEY));
        assertThat(text(wire.call("broken", "{}", KEY))).isEqualTo(first);
        assertThat(runs).hasValue(1);
    }

    @Test
    void whatWasGivenUpIsUnknownAndNotRepeated() {
        Tool given = Tool.named("given").handle((in, call) -> {
            runs.incrementAndGet();
            return ToolOutcome.refused(new Refusal.TimedOut(Duration.ofSeconds(1)));
        });
        Wire wire = server(store, given);
        assertThat(wire.call("given", "{}", KEY).reply().status()).isEqualTo(504);
        assertThat(reason(wire.call("given", "{}", KEY))).isEqualTo(IdempotentCalls.UNKNOWN);
        assertThat(runs).hasValue(1);
    }

    /** The process that carried it out is gone: its claim is there, and nobody renews it. */
    @Test
    void whatADeadProcessBeganIsUnknownAndNotRepeated() {
        Wire wire = server(IdempotentCalls.in(store), pay());
        ReplayStore.Terms past = new ReplayStore.Terms(Duration.ZERO, Duration.ofHours(1), 10);
        store.claim(
                CallDigest.of(Caller.of("ann").identity()),
                CallDigest.of("3f0b"),
                CallDigest.ofParams(
                        (tools.jackson.databind.node.ObjectNode) Wire.json("{'name':'pay','arguments':{}}")),
                "the dead",
                past);
        Received received = wire.call("pay", "{}", KEY);
        assertThat(received.reply().status()).isEqualTo(409);
        assertThat(reason(received)).isEqualTo(IdempotentCalls.UNKNOWN);
        assertThat(received.error().message()).contains("not known whether it was carried out");
        assertThat(runs).hasValue(0);
    }

    @Test
    void aResultThatIsTooLargeIsSaidToBe() {
        Tool large = Tool.named("large").handle((in, call) -> {
            runs.incrementAndGet();
            return "x".repeat(2_000);
        });
        Wire wire = server(IdempotentCalls.in(store).maxResultBytes(1_000), large);
        assertThat(text(wire.call("large", "{}", KEY))).hasSize(2_000);
        assertThat(reason(wire.call("large", "{}", KEY))).isEqualTo(IdempotentCalls.NOT_KEPT);
        assertThat(runs).hasValue(1);
    }

    @Test
    void aQuestionIsNoResultAndItsAnswerComesUnderTheSameKey() {
        record Confirm(boolean yes) {}
        Question<Confirm> confirm = Question.form("confirm", Confirm.class, "Really?");
        Tool careful = Tool.named("careful")
                .handle((in, call) -> call.answer(confirm) instanceof dev.mortise.mcp.call.Answer.Accepted<Confirm> ok
                        ? ToolOutcome.done("receipt " + runs.incrementAndGet())
                        : ToolOutcome.ask(confirm));
        Wire wire = server(store, careful);
        Received asked = wire.call("careful", "{}", KEY);
        assertThat(asked.result().path("resultType").stringValue()).isEqualTo("input_required");
        String state = asked.result().path("requestState").stringValue();
        Received answered =
                wire.answer("careful", "{}", KEY, state, "{'confirm':{'action':'accept','content':{'yes':true}}}");
        assertThat(text(answered)).isEqualTo("receipt 1");
        Received again =
                wire.answer("careful", "{}", KEY, state, "{'confirm':{'action':'accept','content':{'yes':true}}}");
        assertThat(text(again)).isEqualTo("receipt 1");
    }

    @Test
    void withoutItsStoreNothingIsCarriedOut() {
        Wire wire = server(new Broken(), pay());
        assertThat(wire.call("pay", "{}", KEY).reply().status()).isEqualTo(503);
        assertThat(runs).hasValue(0);
        assertThat(text(wire.call("pay", "{}"))).isEqualTo("receipt 1");
    }

    /** A store that is down. */
    private static final class Broken implements ReplayStore {
        @Override
        public Claim claim(String owner, String key, String digest, String claimant, Terms terms) {
            throw new StoreUnavailable("down");
        }

        @Override
        public void renew(String owner, String key, String claimant, Terms terms) {
            throw new StoreUnavailable("down");
        }

        @Override
        public boolean finish(String owner, String key, String claimant, String outcome, Terms terms) {
            throw new StoreUnavailable("down");
        }

        @Override
        public void release(String owner, String key, String claimant) {
            throw new StoreUnavailable("down");
        }
    }
}
