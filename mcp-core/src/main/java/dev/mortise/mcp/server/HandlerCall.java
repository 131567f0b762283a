package dev.mortise.mcp.server;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Cancellation;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.schema.LoggingLevel;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What a handler can do besides returning: ask, report, log, notice that nobody waits any more. The same for tools,
 * resources and prompts, and for every revision of the protocol. Thread-safe; of use only while the handler runs.
 */
public interface HandlerCall {
    CallContext context();

    default Caller caller() {
        return context().caller();
    }

    /** The id of the logical call: the same in every round, so it can name work that must be done once. */
    String id();

    /** Also interrupts the thread that runs the handler. */
    Cancellation cancellation();

    /** A value that an interceptor left on this call, else the target's, else the caller's. */
    <T> Optional<T> get(Attribute<T> attribute);

    /**
     * The answer to a question, or {@link Answer.Missing}: then return an outcome that asks it. Once all answers are
     * there the handler is called again, from its beginning.
     */
    <T> Answer<T> answer(Question<T> question);

    /** Whether the client can put this question. To ask one that it cannot put ends the call with an error. */
    boolean canAsk(Question<?> question);

    /**
     * Does a piece of work in the first round that comes by, and keeps its result, sealed, for the rounds after: for
     * what must not be done again because the handler starts again after a question.
     *
     * @param key unique within the handler
     * @param type how to read the result again; it travels as JSON
     */
    <T> T once(String key, Class<T> type, Callable<T> work) throws Exception;

    /**
     * Reports progress, if the client asked for it. Never blocks. A value that is not greater than the last one is
     * dropped, as are values that a slow client does not take in time (Progress: Behavior Requirements).
     *
     * @param total {@code null} if unknown
     * @param message for the user; may be {@code null}
     */
    void progress(double progress, @Nullable Double total, @Nullable String message);

    default void progress(double progress, double total) {
        progress(progress, total, null);
    }

    /**
     * Sends a log message to the client, if this request asked for its level. Never blocks.
     *
     * @param logger a name for the part that speaks; may be {@code null}
     * @param data text or any JSON-serializable value; no secrets, no personal data (Logging: Security)
     */
    void log(LoggingLevel level, @Nullable String logger, Object data);

    /**
     * Lets go of the connection while the handler goes on: a legacy client whose revision has it (2025-11-25) comes
     * back for the rest by itself. For long work, so that connections need not last as long. Does nothing where the
     * client could not come back; a handler never has to know which it is.
     */
    void closeStream();

    /** Where to publish that lists or resources have changed. */
    ServerEvents events();
}
