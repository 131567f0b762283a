package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.extension.DetachedCall;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.schema.CallToolResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One round of a call of a tool that has outlived its request. */
final class DetachedRun implements DetachedCall {
    private final LiveCall call;
    private final Backstage server;
    private final RpcMethod.@Nullable Invocation resumed;

    /** @param resumed what to do in a later round; {@code null} in the first */
    DetachedRun(LiveCall call, Backstage server, RpcMethod.@Nullable Invocation resumed) {
        this.call = call;
        this.server = server;
        this.resumed = resumed;
    }

    @Override
    public Caller caller() {
        return call.caller();
    }

    @Override
    public String tool() {
        return call.target().name();
    }

    @Override
    public Outcome run(Interceptor.Chain rest) {
        return checked(rest.proceed(call));
    }

    @Override
    public Outcome run() {
        RpcMethod.Invocation invocation = resumed;
        if (invocation == null) {
            throw new IllegalStateException("The first round goes through the rest of the chain: run(rest)");
        }
        return checked(server.interceptors().resume(call, passed -> invocation.invoke(call.orAttempt(passed))));
    }

    @Override
    public void reattach() {
        call.reattach();
    }

    @Override
    public Outcome checked(Outcome outcome) {
        Outcome checked = Asking.checked(call, outcome);
        return checked instanceof Outcome.Complete complete && complete.result() instanceof CallToolResult result
                ? new Outcome.Complete(
                        server.settlements().receipt(call.dialogue().charges(), result))
                : checked;
    }

    @Override
    public void cancel() {
        call.cancel();
    }

    @Override
    public boolean isCancelled() {
        return call.cancellation().isCancelled();
    }

    @Override
    public JsonNode state(Instant expiry) {
        return SavedCall.of(call, call.dialogue().pause(List.of(), expiry));
    }

    @Override
    public JsonNode pause(List<Question<?>> questions, Instant expiry) {
        server.settlements().suspend(call.dialogue());
        return SavedCall.of(call, call.dialogue().pause(questions, expiry));
    }

    @Override
    public void renew(Duration atLeast) {
        server.settlements().renew(call.dialogue().charges(), atLeast);
    }

    @Override
    public JsonNode recharged(JsonNode state) {
        return SavedCall.from(state).recharged(state, call.dialogue().charges());
    }

    @Override
    public JsonRpcError error(Refusal refusal) {
        return server.error(refusal, call.context());
    }
}
