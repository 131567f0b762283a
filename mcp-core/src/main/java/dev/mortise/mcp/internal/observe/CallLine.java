package dev.mortise.mcp.internal.observe;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.spi.LoggingEventAware;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line of the call log. SLF4J's own builder makes an event that can still change, with lists that grow; this one is
 * complete when it is made, and shares with others like it what is the same in all of them. Immutable once it is logged.
 */
public final class CallLine implements LoggingEvent {
    private static final int MOST = 13;

    private final String logger;
    private final String message;
    private final Object[] arguments;
    private final Pairs pairs = new Pairs();
    private final long time = System.currentTimeMillis();
    private final String thread = Thread.currentThread().getName();

    /** Key values in the order in which they came. */
    private static final class Pairs extends AbstractList<KeyValuePair> implements RandomAccess {
        private final KeyValuePair[] pairs = new KeyValuePair[MOST];
        private int size;

        @Override
        public KeyValuePair get(int index) {
            if (index >= size) {
                throw new IndexOutOfBoundsException(index);
            }
            return pairs[index];
        }

        @Override
        public int size() {
            return size;
        }
    }

    /** @param arguments not to be changed any more */
    public CallLine(Logger logger, String message, Object[] arguments) {
        this.logger = logger.getName();
        this.message = message;
        this.arguments = arguments;
    }

    public CallLine with(KeyValuePair pair) {
        pairs.pairs[pairs.size++] = pair;
        return this;
    }

    public CallLine with(String key, Object value) {
        return with(new KeyValuePair(key, value));
    }

    /** Hands the line over; whoever asks for the place in the code gets that of the caller. */
    public void log(Logger to) {
        if (to instanceof LoggingEventAware aware) {
            aware.log(this);
            return;
        }
        LoggingEventBuilder event = to.atInfo();
        for (KeyValuePair pair : pairs) {
            event = event.addKeyValue(pair.key, pair.value);
        }
        event.log(message, arguments);
    }

    @Override
    public Level getLevel() {
        return Level.INFO;
    }

    @Override
    public String getLoggerName() {
        return logger;
    }

    @Override
    public String getMessage() {
        return message;
    }

    @Override
    public List<Object> getArguments() {
        return List.of(arguments);
    }

    @Override
    public Object[] getArgumentArray() {
        return arguments.clone();
    }

    @Override
    public List<Marker> getMarkers() {
        return List.of();
    }

    @Override
    public List<KeyValuePair> getKeyValuePairs() {
        return pairs;
    }

    @Override
    public @Nullable Throwable getThrowable() {
        return null;
    }

    @Override
    public long getTimeStamp() {
        return time;
    }

    @Override
    public String getThreadName() {
        return thread;
    }

    @Override
    public String getCallerBoundary() {
        return CallLine.class.getName();
    }

    @Override
    public String toString() {
        return message + " " + Arrays.toString(arguments) + " " + pairs;
    }
}
