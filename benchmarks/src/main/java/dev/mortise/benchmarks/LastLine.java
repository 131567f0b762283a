package dev.mortise.benchmarks;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.jspecify.annotations.Nullable;

/**
 * Takes the lines of the call log, and keeps the latest. An appender that does nothing at all would let the compiler find
 * out that no line is ever looked at, and leave out making it.
 */
public final class LastLine extends AppenderBase<ILoggingEvent> {
    private static volatile @Nullable ILoggingEvent last;

    /** The latest line of all that were logged in this process; {@code null} if there was none. */
    static @Nullable ILoggingEvent seen() {
        return last;
    }

    /** Without the lock that appenders with a stream need. */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public void doAppend(ILoggingEvent event) {
        append(event);
    }

    @Override
    protected void append(ILoggingEvent event) {
        last = event;
    }
}
