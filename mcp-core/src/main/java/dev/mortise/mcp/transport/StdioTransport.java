package dev.mortise.mcp.transport;

import dev.mortise.mcp.internal.lines.LineWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one client over a pair of byte streams, one JSON-RPC message a line (specification, transports: stdio). The
 * streams are those of this process, or any others: a Unix domain socket, a TCP connection.
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *     StdioTransport.run(server::handle);
 * }
 * }</pre>
 *
 * <p><b>Messages.</b> Every message is handled on a virtual thread of its own, so replies come in the order in which
 * they are ready and not in that of the requests; only what comes behind a legacy client's {@code initialize} waits until
 * that is answered. A line that is no message, or too long, is answered with an error,
 * and reading goes on. When as many requests as allowed are in flight, further ones are refused with an error
 * ({@code -32603}) and reading goes on as well: a cancellation must not queue behind what it is to cancel.
 *
 * <p><b>Cancellation.</b> {@code notifications/cancelled} is handled here and not passed on, except while a batch is in
 * flight, which may be what it means: the exchange's {@link Exchange#onGone} runs, its id is free again, and nothing
 * more is written for it.
 *
 * <p><b>The standard streams.</b> While it serves them, {@code System.out} leads to standard error, so that a print
 * in a tool does no harm, and {@code System.in} is empty. Code that took {@code System.out} for itself earlier, such
 * as a logging framework's console, and child processes that inherit it still write into the channel: send those
 * elsewhere.
 *
 * <p><b>The end.</b> {@link #run()} returns when the input ends, the output breaks, {@link #close()} is called, or its
 * thread is interrupted; the process can then exit with 0 (stdio: Shutdown). At the end of the input, and on
 * {@code close}, listen requests end at once and other running requests have the grace period to write their replies.
 * What is then left is cancelled and has half a second to wind down, but is not waited for longer; it runs on
 * daemon threads. When the output is broken or the thread was interrupted there is no grace period.
 *
 * <p>The origin of every message is a {@link LocalProcess}: who can write to the streams is trusted as the process
 * that started this one. Put no stream here that strangers can connect to. Thread-safe.
 */
public final class StdioTransport implements AutoCloseable {
    /** The longest line, without its end, unless configured: 4 MiB. */
    public static final int DEFAULT_MAX_LINE_BYTES = 4 * 1024 * 1024;

    /** How many requests may be in flight unless configured, and how many other messages. */
    public static final int DEFAULT_MAX_IN_FLIGHT = 256;

    /** Clients are known to kill a server two seconds after they closed its input: this leaves it time to exit. */
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(1);

    private static final Duration WIND_DOWN = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(StdioTransport.class);

    private enum Ending {
        INPUT_ENDED,
        CLOSED,
        OUTPUT_BROKEN,
        INTERRUPTED
    }

    private final Consumer<Exchange> handler;
    private final @Nullable InputStream in;
    private final @Nullable OutputStream out;
    private final int maxLineBytes;
    private final Duration grace;
    private final InFlight inFlight;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();

    private StdioTransport(Builder settings) {
        this.handler = settings.handler;
        this.in = settings.in;
        this.out = settings.out;
        this.maxLineBytes = settings.maxLineBytes;
        this.grace = settings.grace;
        this.inFlight = new InFlight(settings.maxInFlight);
    }

    /**
     * Serves the standard streams of this process with default settings; blocks until the client is done.
     *
     * @param handler takes each message, for example {@code server::handle}; called concurrently
     */
    public static void run(Consumer<Exchange> handler) {
        builder(handler).build().run();
    }

    /**
     * Starts a transport with settings of its own.
     *
     * @param handler takes each message, for example {@code server::handle}; called concurrently
     */
    public static Builder builder(Consumer<Exchange> handler) {
        return new Builder(handler);
    }

    /**
     * Serves until the end; once.
     *
     * @throws IllegalStateException if this ran before, or another transport serves the standard streams
     */
    public void run() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("A transport serves its streams once: build another");
        }
        if (in != null && out != null) {
            serve(in, out);
            return;
        }
        try (StandardStreams streams = StandardStreams.take()) {
            serve(streams.in(), streams.out());
        }
    }

    /** Ends {@link #run()} soon, and returns at once. The streams given are not closed. */
    @Override
    public void close() {
        inFlight.close();
        ending.complete(Ending.CLOSED);
    }

    private void serve(InputStream from, OutputStream to) {
        var writer = new LineWriter(to, () -> ending.complete(Ending.OUTPUT_BROKEN));
        var channel = new LineChannel(handler, writer, inFlight);
        // A thread apart, because a read of standard input cannot be interrupted; a platform thread, because it would
        // hold on to a virtual thread's carrier; a daemon, because it may wait for input for ever.
        Thread.ofPlatform().daemon().name("mortise-stdio-reader").start(() -> read(channel, from));
        Ending reason = awaitEnding();
        channel.closed();
        LOG.debug("Serving ends: {}", reason);
        windDown(reason);
    }

    private void read(LineChannel channel, InputStream from) {
        try {
            channel.read(from, maxLineBytes);
        } catch (IOException e) {
            LOG.debug("The streams are closed", e);
        } finally {
            channel.closed();
            ending.complete(Ending.INPUT_ENDED);
        }
    }

    private Ending awaitEnding() {
        try {
            return ending.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Ending.INTERRUPTED;
        } catch (ExecutionException e) {
            throw new AssertionError("The ending is never failed", e);
        }
    }

    private void windDown(Ending reason) {
        inFlight.close();
        try {
            if (reason == Ending.INPUT_ENDED || reason == Ending.CLOSED) {
                inFlight.all().stream().filter(LineExchange::isListening).forEach(LineExchange::cancel);
                inFlight.awaitNone(grace);
            }
            inFlight.all().forEach(LineExchange::cancel);
            if (!inFlight.awaitNone(WIND_DOWN)) {
                LOG.warn(
                        "{} handlers go on although their requests were cancelled",
                        inFlight.all().size());
            }
        } catch (InterruptedException e) {
            inFlight.all().forEach(LineExchange::cancel);
            Thread.currentThread().interrupt();
        }
    }

    /** Settings of a transport. Not thread-safe. */
    public static final class Builder {
        private final Consumer<Exchange> handler;
        private @Nullable InputStream in;
        private @Nullable OutputStream out;
        private int maxLineBytes = DEFAULT_MAX_LINE_BYTES;
        private int maxInFlight = DEFAULT_MAX_IN_FLIGHT;
        private Duration grace = DEFAULT_GRACE;

        private Builder(Consumer<Exchange> handler) {
            this.handler = handler;
        }

        /**
         * Serves these streams instead of the standard ones. They are borrowed: close them after {@code run}. A
         * thread may be left reading until then.
         */
        public Builder streams(InputStream in, OutputStream out) {
            this.in = in;
            this.out = out;
            return this;
        }

        /** The longest line that is read, in bytes without its end; at least 1. */
        public Builder maxLineBytes(int bytes) {
            this.maxLineBytes = atLeastOne(bytes, "maxLineBytes");
            return this;
        }

        /** How many requests may be in flight, open listen requests among them; at least 1. */
        public Builder maxInFlight(int requests) {
            this.maxInFlight = atLeastOne(requests, "maxInFlight");
            return this;
        }

        /** How long running requests may go on when serving ends, to write their replies; zero or more. */
        public Builder grace(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("grace must not be negative: " + time);
            }
            this.grace = time;
            return this;
        }

        public StdioTransport build() {
            return new StdioTransport(this);
        }

        private static int atLeastOne(int value, String name) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be at least 1: " + value);
            }
            return value;
        }
    }
}
