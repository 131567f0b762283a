package dev.mortise.mcp.client;

import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.ProgressNotificationParams;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is special about one call. Immutable.
 *
 * <p>A call has two limits. {@code timeout} is how long the server may be silent: without {@link #resetOnProgress} that
 * is the time for the answer, with it the time between two notices of progress. {@code maxTime} is the end in any
 * case. Both count the server's time only, not the time that people take over questions or over signing in; a call that
 * becomes a task is held to {@code maxTime} alone, from its beginning.
 *
 * @param timeout more than zero; {@code null} stands for the client's own
 * @param maxTime more than zero; {@code null} stands for the client's own
 * @param onProgress told of every progress; must not block for long, since it runs on the thread that reads
 * @param onStatus told what a task says about its state, when that changes
 * @param meta added to the {@code _meta} of the request
 */
public record CallOptions(
        @Nullable Duration timeout,
        @Nullable Duration maxTime,
        boolean resetOnProgress,
        @Nullable Consumer<ProgressNotificationParams> onProgress,
        @Nullable Consumer<String> onStatus,
        @Nullable CancelSignal cancelSignal,
        Meta meta) {
    /** Nothing special. */
    public static final CallOptions DEFAULT = new CallOptions(null, null, false, null, null, null, Meta.EMPTY);

    public CallOptions {
        positive(timeout, "timeout");
        positive(maxTime, "maxTime");
    }

    public CallOptions timeout(Duration limit) {
        return new CallOptions(limit, maxTime, resetOnProgress, onProgress, onStatus, cancelSignal, meta);
    }

    public CallOptions maxTime(Duration limit) {
        return new CallOptions(timeout, limit, resetOnProgress, onProgress, onStatus, cancelSignal, meta);
    }

    /** Lets every notice of progress begin the {@code timeout} anew; asks the server for progress. */
    public CallOptions resetOnProgress(boolean reset) {
        return new CallOptions(timeout, maxTime, reset, onProgress, onStatus, cancelSignal, meta);
    }

    public CallOptions onProgress(Consumer<ProgressNotificationParams> listener) {
        return new CallOptions(timeout, maxTime, resetOnProgress, listener, onStatus, cancelSignal, meta);
    }

    public CallOptions onStatus(Consumer<String> listener) {
        return new CallOptions(timeout, maxTime, resetOnProgress, onProgress, listener, cancelSignal, meta);
    }

    public CallOptions cancelledBy(CancelSignal signal) {
        return new CallOptions(timeout, maxTime, resetOnProgress, onProgress, onStatus, signal, meta);
    }

    public CallOptions meta(Meta more) {
        return new CallOptions(timeout, maxTime, resetOnProgress, onProgress, onStatus, cancelSignal, more);
    }

    private static void positive(@Nullable Duration limit, String name) {
        if (limit != null && (limit.isNegative() || limit.isZero())) {
            throw new IllegalArgumentException(name + " must be more than zero: " + limit);
        }
    }
}
