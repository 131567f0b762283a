package dev.mortise.mcp.task;

import java.time.Duration;

/**
 * When a call of a tool becomes a task, if its client can handle one. For a client that cannot, the tool runs in the
 * foreground, unless it is a {@linkplain #only() task only}. Clients of revision 2025-11-25 choose for themselves, call by
 * call: tools that are {@linkplain #never() never} tasks are forbidden to them as such, and all others begin as tasks at once.
 *
 * <pre>{@code
 * Tool report = Tool.named("report")
 *         .with(Tasks.MODE, TaskMode.after(Duration.ofSeconds(2)))
 *         .handle((in, call) -> write(report));
 * }</pre>
 */
public sealed interface TaskMode {
    /** The client waits for the answer, however long it takes. */
    record Never() implements TaskMode {}

    /**
     * A task from the beginning; its questions are asked inside it.
     *
     * @param required whether a client that cannot handle tasks is refused
     */
    record Always(boolean required) implements TaskMode {}

    /**
     * It begins in the foreground, where it may also ask, and becomes a task when it has run for this long.
     *
     * @param foreground longer than nothing
     */
    record After(Duration foreground) implements TaskMode {
        public After {
            if (foreground.isNegative() || foreground.isZero()) {
                throw new IllegalArgumentException("A tool that becomes a task at once is TaskMode.always()");
            }
        }
    }

    static TaskMode never() {
        return new Never();
    }

    static TaskMode always() {
        return new Always(false);
    }

    /** As {@link #always}, and clients that cannot handle tasks, or do not ask for one, are refused: −32021, −32601. */
    static TaskMode only() {
        return new Always(true);
    }

    static TaskMode after(Duration foreground) {
        return new After(foreground);
    }
}
