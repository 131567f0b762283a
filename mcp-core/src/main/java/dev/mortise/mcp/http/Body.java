package dev.mortise.mcp.http;

import dev.mortise.mcp.jsonrpc.JsonRpcError;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of a request, read at most once, within a bound and a deadline. The deadline is checked between reads; a
 * read that blocks beyond it is interrupted. A container that ignores interrupts ends the read by its own time limit.
 */
final class Body implements Pulse.Sleeper {
    private static final Logger LOG = LoggerFactory.getLogger(StreamableHttp.class);
    private static final long LINGER_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int FIRST_CHUNK = 4096;
    private static final int DISCARD_CHUNK = 16 * 1024;

    /** How reading ended. */
    sealed interface Outcome {
        /** The array belongs to whoever asked. */
        @SuppressWarnings("ArrayRecordComponent")
        record Whole(byte[] bytes) implements Outcome {}

        /** It is not usable, for this reason. */
        record Unusable(Rejection rejection) implements Outcome {}
    }

    private final HttpRequest request;
    private final Pulse pulse;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread reader;
    private volatile long due = Long.MAX_VALUE;
    private boolean cut;
    private boolean asked;
    private boolean over;

    Body(HttpRequest request, Pulse pulse) {
        this.request = request;
        this.pulse = pulse;
        this.over = request.contentLength() == 0;
    }

    /** Whether nothing of it is left on the connection that could still be read. */
    boolean isOver() {
        return over;
    }

    /** Whether the client holds it back until it is asked for, which now will not happen. */
    boolean isHeldBack() {
        return !asked && !over && request.head().header("Expect").isPresent();
    }

    /** Reads a message, which has at least a byte. */
    Outcome message(int maxBytes, Duration deadline) {
        return switch (read(maxBytes, deadline)) {
            case Outcome.Whole whole ->
                whole.bytes().length > 0
                        ? whole
                        : new Outcome.Unusable(
                                Rejection.of(400, "The body is empty").code(JsonRpcError.PARSE_ERROR));
            case Outcome.Unusable unusable -> unusable;
        };
    }

    Outcome read(int maxBytes, Duration deadline) {
        asked = true;
        long end = pulse.now() + deadline.toNanos();
        boolean watched = false;
        Outcome outcome;
        try {
            InputStream in = request.body();
            if (!hasArrived(in)) {
                watched = true;
                enter(end);
            }
            outcome = readUntil(in, end, maxBytes);
        } catch (IOException | RuntimeException e) {
            LOG.debug("A request's body broke off", e);
            over = true;
            outcome = new Outcome.Unusable(isTimeout(e) ? tooSlow() : truncated());
        }
        boolean late = watched && leave();
        return late && !(outcome instanceof Outcome.Whole) ? new Outcome.Unusable(tooSlow()) : outcome;
    }

    /** Whether all of it is there, as is usual for a small one: reading it cannot block, so nobody need watch. */
    private boolean hasArrived(InputStream in) throws IOException {
        long announced = request.contentLength();
        return announced >= 0 && in.available() >= announced;
    }

    private Outcome readUntil(InputStream in, long end, int maxBytes) throws IOException {
        long announced = request.contentLength();
        // What is announced is not there yet: memory follows what arrives.
        long expected = announced >= 0 ? announced : FIRST_CHUNK;
        byte[] buffer = new byte[(int) Math.min(expected, Math.min(FIRST_CHUNK, maxBytes + 1L))];
        int length = 0;
        while (true) {
            boolean full = length == buffer.length;
            int n = full ? in.read() : in.read(buffer, length, buffer.length - length);
            if (n < 0) {
                over = true;
                return announced > length
                        ? new Outcome.Unusable(truncated())
                        : new Outcome.Whole(full ? buffer : Arrays.copyOf(buffer, length));
            }
            if (full) {
                buffer = Arrays.copyOf(buffer, (int) Math.min(Math.max(FIRST_CHUNK, 2L * length), maxBytes + 1L));
                buffer[length++] = (byte) n;
            } else {
                length += n;
            }
            if (length > maxBytes) {
                return new Outcome.Unusable(PostRules.tooLarge(maxBytes));
            }
            if (pulse.now() > end) {
                over = true;
                return new Outcome.Unusable(tooSlow());
            }
        }
    }

    /**
     * Reads on for a short time and forgets what it reads, after the answer went out: so that the connection can be
     * used again, or that a client which is still sending sees the answer instead of a reset.
     */
    void discard() {
        if (over || isHeldBack()) {
            return;
        }
        asked = true;
        long end = pulse.now() + LINGER_NANOS;
        enter(end);
        try {
            InputStream in = request.body();
            byte[] buffer = new byte[DISCARD_CHUNK];
            while (!over && pulse.now() <= end) {
                over = in.read(buffer) < 0;
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("The rest of a request's body did not arrive", e);
        }
        leave();
    }

    @Override
    public long due() {
        return due;
    }

    @Override
    public void wake() {
        giveUp();
    }

    /** Interrupts the reader. */
    @Override
    public void giveUp() {
        lock.lock();
        try {
            if (reader != null) {
                due = Long.MAX_VALUE;
                cut = true;
                reader.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private void enter(long end) {
        lock.lock();
        try {
            cut = false;
            reader = Thread.currentThread();
            due = end;
        } finally {
            lock.unlock();
        }
        pulse.add(this);
    }

    /** Returns whether reading was cut; the interrupt that did it is not left behind. */
    private boolean leave() {
        pulse.remove(this);
        lock.lock();
        try {
            reader = null;
            due = Long.MAX_VALUE;
            if (cut) {
                Thread.interrupted();
            }
            return cut;
        } finally {
            lock.unlock();
        }
    }

    private static Rejection tooSlow() {
        return Rejection.closing(408, "The body took too long to arrive");
    }

    private static Rejection truncated() {
        return Rejection.closing(400, "The body broke off").code(JsonRpcError.PARSE_ERROR);
    }

    private static boolean isTimeout(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException || cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return failure instanceof InterruptedIOException;
    }
}
