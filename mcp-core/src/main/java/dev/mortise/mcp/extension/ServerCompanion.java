package dev.mortise.mcp.extension;

import dev.mortise.mcp.call.Caller;
import java.time.Duration;
import java.util.function.Predicate;

/** Something that lives as long as its server and has work of its own beside the calls. Thread-safe. */
public interface ServerCompanion {
    /** The server is built and takes calls from now on. */
    void start(RunningServer server);

    /** Some callers may do nothing any more: whatever runs for them ends, within five seconds. */
    default void disconnect(Predicate<Caller> whose) {}

    /**
     * The server takes no more calls: finish what can be finished within the grace, give up the rest in an orderly way,
     * and return.
     */
    default void stop(Duration grace) {}
}
