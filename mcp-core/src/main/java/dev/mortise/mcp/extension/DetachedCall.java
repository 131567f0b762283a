package dev.mortise.mcp.extension;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A call that goes on without the request that began it. Thread-safe. */
public interface DetachedCall {
    /** Whose call it is. */
    Caller caller();

    /** The name of the tool that is called. */
    String tool();

    /**
     * Carries it out on this thread: the first round through the rest of the chain, as given to an interceptor; a call
     * that was {@linkplain RunningServer#resume resumed}, from the stage that meters.
     */
    Outcome run(Interceptor.Chain rest);

    /** As {@link #run(Interceptor.Chain)}, for a call that was resumed. */
    Outcome run();

    /** Undoes it, as long as the request is not answered: the call is its request's again. */
    void reattach();

    /**
     * Holds an outcome of the rest of the chain to what the client can do. A complete result that is charged gets its
     * receipt: keep it, and {@linkplain RunningServer#settle settle} the call.
     */
    Outcome checked(Outcome outcome);

    /** Interrupts the handler, and tells it that nobody waits any more. */
    void cancel();

    boolean isCancelled();

    /**
     * What it takes to go on with this call elsewhere, or later: params, answers, results of work done once, charges.
     * It holds the arguments: as confidential as they are.
     *
     * @param expiry when it is too late to take it up
     */
    JsonNode state(Instant expiry);

    /**
     * The same when it stops to ask: what is held is released, and an answer counts as one to these questions.
     *
     * @param expiry when it is too late for answers
     */
    JsonNode pause(List<Question<?>> questions, Instant expiry);

    /** Keeps what it is charged now for at least this time. */
    void renew(Duration atLeast);

    /**
     * A state that was made of it earlier, with what it is charged by now.
     *
     * @return the state as given, if nothing of that has changed
     */
    JsonNode recharged(JsonNode state);

    /** How a refusal is told to its client, in the words of its revision. */
    JsonRpcError error(Refusal refusal);
}
