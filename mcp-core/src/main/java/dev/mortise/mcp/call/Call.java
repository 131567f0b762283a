package dev.mortise.mcp.call;

import dev.mortise.mcp.jsonrpc.RequestId;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** One request on its way through the {@linkplain Interceptor interceptors} to its handler, and back. Thread-safe. */
public interface Call {

    /**
     * The id of the logical call: the same in every round of a call that asks the user in between, whichever
     * replica serves the round. Unguessable, and not the JSON-RPC id.
     */
    String id();

    /** 1 for the first request of a logical call, one more for each that answers questions. */
    int round();

    RequestId requestId();

    String method();

    /** The params as they arrived; not to be modified. */
    ObjectNode params();

    CallContext context();

    default Caller caller() {
        return context().caller();
    }

    Target target();

    Cancellation cancellation();

    /**
     * Whether it goes on by itself after its request was answered, as a task does. What came of it is kept then, and only
     * one of those who may work on it at the same time decides what: its charges belong to {@link Settlement#settle},
     * which that one calls, and not to a stage on the way out.
     */
    boolean isDetached();

    /**
     * The answer to a question, or {@link Answer.Missing}: then answer with {@link Outcome.InputRequired}, and the
     * call comes round again.
     */
    <T> Answer<T> answer(Question<T> question);

    /** A value that another stage left on this call, else the target's, else the caller's. */
    <T> Optional<T> get(Attribute<T> attribute);

    /** Leaves a value on this call, for later stages and for the handler. */
    <T> void set(Attribute<T> attribute, T value);

    /**
     * Attaches a charge to the logical call. Core carries it across rounds and sees to it that it is settled once,
     * with the final outcome; see {@link Settlement}.
     */
    void attach(Settlement settlement, String token);

    /** The token that an earlier round, or an earlier stage, attached. */
    Optional<String> attached(Settlement settlement);
}
